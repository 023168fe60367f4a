// Package aac reads what publishing needs to know of AAC: ADTS frames, in
// whole buffers (SplitADTS) or in a byte stream of any origin (Splitter), and
// the AudioSpecificConfig that decoders want instead of ADTS headers. Section
// numbers are those of ISO/IEC 14496-3.
//
// Nothing here is safe for concurrent use.
package aac
