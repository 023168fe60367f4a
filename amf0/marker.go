package amf0

// Limits, for decoding and encoding alike: what Append writes Decode reads.
const (
	// MaxDepth is how deep values may nest. Real messages need 4.
	MaxDepth = 32
	// MaxValues bounds the values of one call of Decode, those in containers
	// included. The keyframe index of a 24-hour recording has some 170000.
	MaxValues = 1 << 18
	// MaxStringLength bounds one string in bytes. XMP documents in FLV files
	// reach some tens of KiB.
	MaxStringLength = 1 << 20
	// maxShortString is the longest string and name with a 16-bit length.
	maxShortString = 1<<16 - 1
)

// The type markers of the AMF 0 specification, section 2.1.
const (
	markerNumber      = 0x00
	markerBoolean     = 0x01
	markerString      = 0x02
	markerObject      = 0x03
	markerMovieClip   = 0x04
	markerNull        = 0x05
	markerUndefined   = 0x06
	markerReference   = 0x07
	markerECMAArray   = 0x08
	markerObjectEnd   = 0x09
	markerStrictArray = 0x0a
	markerDate        = 0x0b
	markerLongString  = 0x0c
	markerUnsupported = 0x0d
	markerRecordSet   = 0x0e
	markerXML         = 0x0f
	markerTypedObject = 0x10
	markerAMF3        = 0x11
)

// refused says why a known marker is not read.
var refused = map[byte]string{
	markerMovieClip: "movie clips are reserved and never sent",
	markerReference: "references are not supported",
	markerObjectEnd: "object end without an object",
	markerRecordSet: "record sets are reserved and never sent",
	markerAMF3:      "AMF3 values are not supported",
}
