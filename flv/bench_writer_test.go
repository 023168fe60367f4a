package flv

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// pictureSize and soundSize are the means of 6 Mbit/s at 30 frames a second and of
// 128 kbit/s at 48 kHz.
const (
	pictureSize = 25000
	soundSize   = 340
)

// BenchmarkVideoTag writes the header of a picture's body alone, as the engine
// does, where the payload stays in its place; then with a body that is copied
// behind it.
func BenchmarkVideoTag(b *testing.B) {
	tag := VideoTag{FrameType: FrameInter, PacketType: AVCNALU, CompositionTime: 66, Data: make([]byte, pictureSize)}
	dst := make([]byte, 0, videoHeaderSize+pictureSize)
	b.Run("header", func(b *testing.B) {
		b.SetBytes(videoHeaderSize)
		b.ReportAllocs()
		for b.Loop() {
			dst = tag.AppendHeader(dst[:0])
		}
	})
	b.Run("body", func(b *testing.B) {
		b.SetBytes(videoHeaderSize + pictureSize)
		b.ReportAllocs()
		for b.Loop() {
			dst = append(tag.AppendHeader(dst[:0]), tag.Data...)
		}
	})
}

// BenchmarkAudioTag does so with a frame of sound.
func BenchmarkAudioTag(b *testing.B) {
	tag := AudioTag{PacketType: AACRaw, Data: make([]byte, soundSize)}
	dst := make([]byte, 0, audioHeaderSize+soundSize)
	b.Run("header", func(b *testing.B) {
		b.SetBytes(audioHeaderSize)
		b.ReportAllocs()
		for b.Loop() {
			dst = tag.AppendHeader(dst[:0])
		}
	})
	b.Run("body", func(b *testing.B) {
		b.SetBytes(audioHeaderSize + soundSize)
		b.ReportAllocs()
		for b.Loop() {
			dst = append(tag.AppendHeader(dst[:0]), tag.Data...)
		}
	})
}

// BenchmarkWriter writes a file's tags to a writer that forgets them: what the file
// costs besides the disk.
func BenchmarkWriter(b *testing.B) {
	for _, c := range []struct {
		name string
		kind TagType
		head []byte
		body []byte
	}{
		{"video", TagVideo, []byte{0x27, 1, 0, 0, 66}, make([]byte, pictureSize)},
		{"audio", TagAudio, []byte{0xaf, 1}, make([]byte, soundSize)},
	} {
		b.Run(c.name, func(b *testing.B) {
			w, err := NewWriter(io.Discard, true, true)
			require.NoError(b, err)
			b.SetBytes(int64(tagHeaderSize + len(c.head) + len(c.body) + trailerSize))
			b.ReportAllocs()
			for timestamp := uint32(0); b.Loop(); timestamp += 33 {
				if err := w.WriteTag(c.kind, timestamp, c.head, c.body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
