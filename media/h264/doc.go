// Package h264 reads what publishing needs to know of an H.264 bitstream:
// parameter sets, slice headers, picture order counts, where an access unit
// ends and how far pictures are shown out of the order in which they are
// decoded. Section numbers are those of ITU-T Rec. H.264.
//
// Two entrances: a Splitter cuts an Annex B byte stream of any origin into
// access units; an Analyzer is given access units that are already whole. Both
// tell the Picture that the unit codes. Neither decodes pictures, and neither
// changes a byte.
//
// Nothing here is safe for concurrent use.
package h264
