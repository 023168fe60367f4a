// Package mediatype knows the media types of DirectShow that the filter's pins
// accept, and makes of each a media.Track and of its samples the bytes of
// packets. It is portable: a media type comes as GUIDs and a copied block.
//
// Types and samples come from foreign filters, and many are not what they say.
// So the bytes decide: a type only tells what is assumed until they do.
//
// # NAL units
//
// A sample of H.264 can be read in these ways:
//
//   - a long start code, 00 00 00 01, at its very beginning;
//   - lengths of 4, 2 or 1 bytes that cover it exactly, none of them zero, each
//     followed by the first byte of a NAL unit of a known type;
//   - a short start code, 00 00 01, at its very beginning;
//   - a bare NAL unit, without any of these.
//
// The first that fits is taken, in this order. A long start code comes before
// lengths: these would begin with a NAL unit of one byte. Lengths come before a
// short start code, which is also the length of a unit of 256 to 511 bytes: that
// lengths add up to the sample's end by chance is rarer than such a unit. Lengths
// of 1 and 2 bytes that H264 did not tell of are not tried where the sample can be
// a bare NAL unit.
//
// A sample makes its way certain if it has a long start code, or can be read with
// lengths but not with a start code, or the other way round. From then on
// what fits it is read so, whatever else it fits. What does not fit changes it
// only with a long start code, or with lengths of 4 bytes or of those that the
// type told; everything else is refused as damaged. When eight samples in a row
// are, the way is no longer certain.
//
// # AAC
//
// A sample that ADTS frames cover exactly is ADTS: a bare frame cannot begin as
// an ADTS header does. The other way round, a sample without header is taken for
// a bare frame only before the first whole ADTS frame.
//
// Bare frames need an AudioSpecificConfig. It is the one behind WAVEFORMATEX; if
// there is none or it is garbage, AAC LC with the rate and the channels of
// WAVEFORMATEX; and where these are missing too, a guess: the channels are those
// of the first element of the first frame (a single channel, a pair, or what a
// program config element tells; 5.1 without one begins like mono and is taken for
// it), the rate is the standard one that makes 1024 samples last as long as a
// sample does. Without stop times the distance to the next sample counts, so the
// first frames go out with a guess of 48 kHz.
package mediatype
