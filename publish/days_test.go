package publish_test

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// More than 2^32 ms of stream in virtual time: the time runs through both the
// 31 and the 32 bits, and no step is lost.
func TestFiftyDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, rtmptest.Script{}, nil, videoInBand, rawAAC)
		const step = 40 * time.Second
		var want []uint32
		first := annexB(smallSPS, pps, idr(0))
		for at := time.Duration(0); at <= (math.MaxUint32+60_000)*ms; at += step {
			data := annexB(idr(1))
			if at == 0 {
				data = first
			}
			s.write(1, at, at, []byte{0x21, 1})
			s.write(0, at, at+40*ms, data)
			want = append(want, uint32(at/ms))
			if len(want)%500 == 0 {
				time.Sleep(time.Minute) // virtual: the clock on the wall moves too
			}
		}
		got := s.finish()
		var have []uint32
		for _, m := range got {
			if m.Type == 9 && m.Body[1] == 1 {
				have = append(have, m.Timestamp)
				require.EqualValues(t, 40, video(t, m).CompositionTime)
			}
		}
		require.Equal(t, want, have)
		require.Less(t, have[len(have)-1], uint32(120_000), "it has wrapped")
		s.server.Close()
	})
}
