package abi

// CType is the type of a field of rtmp_writer_stats_t.
type CType uint8

// The types.
const (
	Int    CType = iota // int
	Int64               // 64 bits
	Uint32              // unsigned, 32 bits
	Size                // size_t: as wide as a pointer
)

// StatsField is a field of rtmp_writer_stats_t.
type StatsField struct {
	Name string
	Type CType
	Doc  string
}

// StatsFields lists the fields in their order (specification, section 6).
func StatsFields() []StatsField {
	return []StatsField{
		{"output_buffer_size", Int, "the application buffer, bytes"},
		{"output_buffer_fillness", Int, "bytes in it now"},
		{"output_bitrate", Int64, "bits per second sent through the network"},
		{"output_bitrate2", Int64, "bits per second that the peer's TCP has acknowledged"},
		{"output_bitrate3", Int64, "bits per second sent, the average of 10 s"},
		{"packetsRtt", Uint32, "round-trip time, ms"},
		{"clientBytesReceived", Uint32, "bytes acknowledged by the server"},
		{"audio_packets_buffered", Size, "audio frames waiting"},
		{"video_packets_buffered", Size, "video frames waiting"},
		{"audio_bitrate", Int, "audio that came in, bits per second"},
		{"video_bitrate", Int, "video that came in, bits per second"},
		{"audio_packets_sent", Int, "audio frames sent"},
		{"video_packets_sent", Int, "video frames sent"},
	}
}

// size is the size of a value, and its alignment too, where pointers have that
// many bytes.
func (t CType) size(pointer int) int {
	switch t {
	case Int64:
		return 8
	case Size:
		return pointer
	default:
		return 4
	}
}

// StatsLayout gives the offset of every field, in bytes, and the size of all,
// where pointers have that many bytes: natural alignment, as C compilers for
// Windows lay it out.
func StatsLayout(pointer int) (offsets []int, size int) {
	widest := 1
	for _, f := range StatsFields() {
		n := f.Type.size(pointer)
		size = align(size, n)
		offsets = append(offsets, size)
		size += n
		widest = max(widest, n)
	}
	return offsets, align(size, widest)
}

func align(offset, to int) int { return (offset + to - 1) / to * to }
