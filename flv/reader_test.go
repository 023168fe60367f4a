package flv

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
)

// plainTag is a tag with a body that outlives its buffer.
type plainTag struct {
	kind      TagType
	timestamp uint32
	body      string
}

var someTags = []plainTag{
	{TagScript, 0, "\x02\x00\x0aonMetaData\x05"},
	{TagVideo, 0, "\x17\x00\x00\x00\x00config"},
	{TagAudio, 0, ""},
	{TagVideo, 40, "\x17\x01\x00\x00\x00frame"},
	{TagAudio, 0x00ffffff, "\xaf\x01sound"},
	{TagAudio, 0x01000000, "\xaf\x01sound behind the 24 bits"},
	{TagVideo, 0xfffffff0, "\x27\x01\x00\x00\x00frame before the wrap"},
}

func fileOf(t testing.TB, tags []plainTag) []byte {
	var file bytes.Buffer
	w, err := NewWriter(&file, true, true)
	require.NoError(t, err)
	for _, tag := range tags {
		half := len(tag.body) / 2
		require.NoError(t, w.WriteTag(tag.kind, tag.timestamp, []byte(tag.body[:half]), []byte(tag.body[half:])))
	}
	return file.Bytes()
}

// readAll reads to the end. It fails when damages come without bound.
func readAll(t testing.TB, r *Reader) (tags []plainTag, damages []*media.DamageError, end error) {
	tags = []plainTag{}
	for range 1 << 20 {
		tag, err := r.Next()
		var damage *media.DamageError
		switch {
		case err == nil:
			tags = append(tags, plainTag{tag.Type, tag.Timestamp, string(tag.Buf.B)})
			tag.Buf.Release()
		case errors.As(err, &damage):
			damages = append(damages, damage)
		default:
			return tags, damages, err
		}
	}
	require.Fail(t, "the reader comes to no end")
	return nil, nil, nil
}

func TestReaderReadsWhatTheWriterWrote(t *testing.T) {
	file := fileOf(t, someTags)
	for name, in := range map[string]io.Reader{
		"at once":       bytes.NewReader(file),
		"byte by byte":  iotest.OneByteReader(bytes.NewReader(file)),
		"end with data": iotest.DataErrReader(bytes.NewReader(file)),
	} {
		r := NewReader(in)
		h, err := r.Header()
		require.NoError(t, err, name)
		require.Equal(t, Header{Version: 1, HasVideo: true, HasAudio: true}, h)
		tags, damages, err := readAll(t, r)
		require.Equal(t, io.EOF, err)
		require.Empty(t, damages)
		require.Equal(t, someTags, tags, name)
		_, err = r.Next()
		require.Equal(t, io.EOF, err, "the end stays the end")
	}
}

func TestOffsetsLeadBack(t *testing.T) {
	file := fileOf(t, someTags)
	r := NewReader(bytes.NewReader(file))
	for i := range someTags {
		tag, err := r.Next()
		require.NoError(t, err)
		rest, damages, err := readAll(t, ResumeReader(bytes.NewReader(file[tag.Offset:]), tag.Offset))
		require.Equal(t, io.EOF, err)
		require.Empty(t, damages)
		require.Equal(t, someTags[i:], rest)
	}
}

// TestReaderWaitsForNothingBehindATag feeds a pipe tag by tag.
func TestReaderWaitsForNothingBehindATag(t *testing.T) {
	in, out := io.Pipe()
	defer in.Close()
	step := make(chan struct{})
	go func() { // ends with the last step, which the test takes
		w, _ := NewWriter(out, true, true)
		for _, tag := range someTags {
			_ = w.WriteTag(tag.kind, tag.timestamp, []byte(tag.body))
			<-step
		}
	}()
	r := NewReader(in)
	for _, want := range someTags {
		tag, err := r.Next()
		require.NoError(t, err)
		require.Equal(t, want, plainTag{tag.Type, tag.Timestamp, string(tag.Buf.B)})
		tag.Buf.Release()
		step <- struct{}{}
	}
}

func TestOddFiles(t *testing.T) {
	plain := fileOf(t, someTags)
	for name, spoil := range map[string]func(b []byte) []byte{
		"no data offset": func(b []byte) []byte { copy(b[5:], []byte{0, 0, 0, 0}); return b },
		"longer header": func(b []byte) []byte {
			b[8] = 11
			return append(append(append([]byte{}, b[:9]...), 7, 7), b[9:]...)
		},
		"last trailer missing":   func(b []byte) []byte { return b[:len(b)-4] },
		"last trailer cut":       func(b []byte) []byte { return b[:len(b)-1] },
		"trailers all 0":         func(b []byte) []byte { eachTag(b, func(_, trailer []byte) { clear(trailer) }); return b },
		"trailers short by 11":   func(b []byte) []byte { eachTag(b, func(_, trailer []byte) { trailer[3] -= 11 }); return b },
		"stream ID of a message": func(b []byte) []byte { eachTag(b, func(tag, _ []byte) { tag[10] = 1 }); return b },
		"tag of another type": func(b []byte) []byte {
			strange := binary.BigEndian.AppendUint32(appendTagHeader(nil, 15, 0, 3), 14)
			strange = append(strange[:11], 'a', 'b', 'c', 0, 0, 0, 14)
			return append(append(append([]byte{}, b[:13]...), strange...), b[13:]...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			tags, damages, err := readAll(t, NewReader(bytes.NewReader(spoil(bytes.Clone(plain)))))
			require.Equal(t, io.EOF, err)
			require.Empty(t, damages)
			require.Equal(t, someTags, tags)
		})
	}
}

// eachTag shows every tag with its header, and its trailer.
func eachTag(file []byte, f func(tag, trailer []byte)) {
	for at := 13; at < len(file); {
		n := parseTagHeader(file[at:]).whole()
		f(file[at:at+n], file[at+n:at+n+4])
		at += n + 4
	}
}

func TestNotFLV(t *testing.T) {
	r := NewReader(bytes.NewReader([]byte("\x00\x00\x00\x20ftypisom")))
	for range 2 {
		_, err := r.Next()
		require.ErrorAs(t, err, new(*media.UnsupportedError))
		require.ErrorContains(t, err, "00 00 00")
	}
}

func TestEncryptedIsRefused(t *testing.T) {
	file := fileOf(t, someTags)
	file[13] |= 0x20
	r := NewReader(bytes.NewReader(file))
	for range 2 {
		_, err := r.Next()
		require.ErrorAs(t, err, new(*media.UnsupportedError))
		require.ErrorContains(t, err, "encrypted")
	}
}

func TestInputErrorsAreFinal(t *testing.T) {
	broken := errors.New("the disk is gone")
	file := fileOf(t, someTags)
	for cut := range file {
		r := NewReader(io.MultiReader(bytes.NewReader(file[:cut]), iotest.ErrReader(broken)))
		tags, damages, err := readAll(t, r)
		require.ErrorIs(t, err, broken)
		require.Empty(t, damages)
		require.Equal(t, someTags[:len(tags)], tags)
	}
	_, _, err := readAll(t, NewReader(stuck{}))
	require.ErrorIs(t, err, io.ErrNoProgress)
}

// stuck reads nothing, and says nothing of it.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }
