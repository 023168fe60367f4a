package mp4in

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// bx makes a box of a four-character code and its parts: []byte, string, int
// for 32 bits, uint64, uint16 and uint8.
func bx(code string, parts ...any) []byte {
	b := append(make([]byte, 4), code...)
	for _, p := range parts {
		switch v := p.(type) {
		case []byte:
			b = append(b, v...)
		case string:
			b = append(b, v...)
		case int:
			b = binary.BigEndian.AppendUint32(b, uint32(v))
		case uint32:
			b = binary.BigEndian.AppendUint32(b, v)
		case uint64:
			b = binary.BigEndian.AppendUint64(b, v)
		case uint16:
			b = binary.BigEndian.AppendUint16(b, v)
		case uint8:
			b = append(b, v)
		default:
			panic(fmt.Sprintf("%T in a box", p))
		}
	}
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

// testTrack says what a track of a test file is made of. Tables that are nil
// are left out.
type testTrack struct {
	handler   string
	timescale int
	sizes     []int
	deltas    []int // as many as sizes, or one for all
	offsets   []int // ctts
	version   int   // of ctts
	syncs     []int // numbers, from 1
	edits     [][2]int
	perChunk  int // samples
	entries   [][]byte
	descs     []int // by chunk; 1 without
	flags     int   // of tkhd; 1 is enabled
	matrix    []byte
	stbl      []byte // more boxes
	noSizes   bool
	dref      []byte
	co64      bool
}

// video is a track of n pictures at 25 a second, of 100, 101, 102 … bytes.
func video(n int) testTrack {
	t := testTrack{handler: "vide", timescale: 1000, deltas: []int{40}, perChunk: 5, flags: 1, entries: [][]byte{avc1()}}
	for i := range n {
		t.sizes = append(t.sizes, 100+i)
	}
	return t
}

// audio is a track of n AAC frames at 48 kHz.
func audio(n int) testTrack {
	t := testTrack{handler: "soun", timescale: 48000, deltas: []int{1024}, perChunk: 10, flags: 1, entries: [][]byte{mp4a(aacLC)}}
	for i := range n {
		t.sizes = append(t.sizes, 20+i%7)
	}
	return t
}

// payload is the bytes of sample i of track k.
func payload(k, i, size int) []byte {
	b := make([]byte, size)
	for j := range b {
		b[j] = byte(k*101 + i*7 + j)
	}
	return b
}

// build makes a file: ftyp, mdat with the chunks of all tracks in turns, moov.
// The movie's timescale is 1000.
func build(tracks ...testTrack) []byte {
	file := bx("ftyp", "isom", 0, "isom")
	offsets := make([][]int, len(tracks))
	var data []byte
	at := make([]int, len(tracks))
	for more := true; more; {
		more = false
		for k, t := range tracks {
			if at[k] >= len(t.sizes) {
				continue
			}
			more = true
			offsets[k] = append(offsets[k], len(file)+8+len(data))
			for n := 0; n < t.perChunk && at[k] < len(t.sizes); n++ {
				data = append(data, payload(k, at[k], t.sizes[at[k]])...)
				at[k]++
			}
		}
	}
	file = append(file, bx("mdat", data)...)
	moov := []any{bx("mvhd", zeros(12), 1000, zeros(84))}
	for k, t := range tracks {
		moov = append(moov, t.trak(k+1, offsets[k]))
	}
	return append(file, bx("moov", moov...)...)
}

func (t testTrack) trak(id int, chunks []int) []byte {
	matrix := t.matrix
	if matrix == nil {
		matrix = zeros(36)
	}
	tkhd := bx("tkhd", t.flags, 0, 0, id, zeros(24), matrix, 640<<16, 360<<16)
	length := 0
	for i := range t.sizes {
		length += t.deltas[i%len(t.deltas)]
	}
	dref := t.dref
	if dref == nil {
		dref = bx("url ", 1)
	}
	mdia := bx("mdia",
		bx("mdhd", 0, 0, 0, t.timescale, length, 0),
		bx("hdlr", 0, 0, t.handler, zeros(13)),
		bx("minf", bx("dinf", bx("dref", 0, 1, dref)), t.tables(chunks)))
	if t.edits == nil {
		return bx("trak", tkhd, mdia)
	}
	elst := []any{0, len(t.edits)}
	for _, e := range t.edits {
		elst = append(elst, e[0], e[1], 1<<16)
	}
	return bx("trak", tkhd, bx("edts", bx("elst", elst...)), mdia)
}

func (t testTrack) tables(chunks []int) []byte {
	stsd := []any{0, len(t.entries)}
	for _, e := range t.entries {
		stsd = append(stsd, e)
	}
	stts := []any{0, 1, len(t.sizes), t.deltas[0]}
	if len(t.deltas) > 1 {
		stts = pairs(0, t.deltas)
	}
	stsc := []any{0, 1, 1, t.perChunk, 1}
	if t.descs != nil {
		stsc = []any{0, len(t.descs)}
		for i, d := range t.descs {
			stsc = append(stsc, i+1, t.perChunk, d)
		}
	}
	boxes := []any{bx("stsd", stsd...), bx("stts", stts...), bx("stsc", stsc...), t.chunkOffsets(chunks)}
	if !t.noSizes {
		boxes = append(boxes, bx("stsz", slices.Insert(list(0, t.sizes), 1, any(0))...))
	}
	if t.offsets != nil {
		boxes = append(boxes, bx("ctts", pairs(t.version<<24, t.offsets)...))
	}
	if t.syncs != nil {
		boxes = append(boxes, bx("stss", list(0, t.syncs)...))
	}
	return bx("stbl", append(boxes, t.stbl)...)
}

func (t testTrack) chunkOffsets(chunks []int) []byte {
	if !t.co64 {
		return bx("stco", list(0, chunks)...)
	}
	parts := list(0, chunks)
	for i := range chunks {
		parts[2+i] = uint64(chunks[i])
	}
	return bx("co64", parts...)
}

// list is a full box's head, a count and the values.
func list(head int, values []int) []any {
	parts := []any{head, len(values)}
	for _, v := range values {
		parts = append(parts, v)
	}
	return parts
}

// pairs is a full box's head, a count and runs of one.
func pairs(head int, values []int) []any {
	parts := []any{head, len(values)}
	for _, v := range values {
		parts = append(parts, 1, v)
	}
	return parts
}
