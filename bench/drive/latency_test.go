package drive

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/bench/sink"
	"rtmpwriter/flv"
)

// stamped tells whether a picture carries its time.
func stamped(body []byte) bool {
	other := make([]byte, sink.StampAt+sink.StampSize)
	sink.Stamp(other)
	mark := other[sink.StampAt : sink.StampAt+8]
	return bytes.Equal(mark, body[sink.StampAt:sink.StampAt+8])
}

func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a all
		require.NoError(t, Job{Kind: Latency, URL: "x", Streams: 2, For: 2 * time.Second}.run(a.open))
		for _, s := range a.streams {
			require.Equal(t, 1, s.closed)
			require.Equal(t, avcHeader(), s.tags[0].Body)
			require.Equal(t, []byte{0xaf, 0, 0x11, 0x90}, s.tags[1].Body)
			timely(t, s.tags[2:])
		}
	})
}

// timely checks the frames of 3 s.
func timely(t *testing.T, tags []written) {
	t.Helper()
	var pictures, sounds, marked, keys int
	for _, tag := range tags {
		due := time.Duration(tag.Timestamp) * time.Millisecond
		late := tag.at.Sub(tags[0].at) - due
		require.GreaterOrEqual(t, late, time.Duration(0), "each at its time")
		require.Less(t, late, time.Millisecond)
		if tag.Kind == 8 {
			sounds++
			require.Len(t, tag.Body, 3+soundSize)
			continue
		}
		pictures++
		key := (pictures-1)%60 == 0
		if key {
			keys++
		}
		require.Equal(t, key, tag.Body[0] == 0x17)
		require.Equal(t, key, tag.Body[9] == 0x65)
		require.Equal(t, due > settle, stamped(tag.Body), "%v", due)
		if stamped(tag.Body) {
			marked++
		}
		require.Equal(t, uint32(len(tag.Body)-9), binary.BigEndian.Uint32(tag.Body[5:]), "one NAL unit")
	}
	require.Equal(t, []int{91, 2, 60}, []int{pictures, keys, marked})
	require.InDelta(t, 3*48000/1024, sounds, 1)
}

func TestLatencyEndsWithItsStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, limit := range []int{1, 2, 5} {
			a := all{limits: []int{limit}}
			require.Error(t, Job{Kind: Latency, Streams: 1, For: time.Second}.run(a.open))
			require.Len(t, a.streams[0].tags, limit)
			require.Equal(t, 1, a.streams[0].closed)
		}
	})
}

func TestHeaderIsARecord(t *testing.T) {
	tag, err := flv.ParseVideoTag(avcHeader())
	require.NoError(t, err)
	require.Equal(t, flv.AVCSequenceHeader, tag.PacketType)
	record, err := flv.ParseAVCDecoderConfig(tag.Data)
	require.NoError(t, err)
	require.Equal(t, [][]byte{sps}, record.SPS)
	require.Equal(t, [][]byte{pps}, record.PPS)
	require.Equal(t, 4, record.NALLengthSize)
}

func TestNote(t *testing.T) {
	var b bytes.Buffer
	note(&b)
	var heap, goroutines, files int
	n, err := fmt.Sscanln(b.String(), &heap, &goroutines, &files)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.Greater(t, heap, 1000)
	require.Positive(t, goroutines)
	require.Greater(t, files, 2)
}
