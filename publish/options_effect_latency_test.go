package publish_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// Frames that wait longer than the cap are left out, pictures that nothing
// depends on first, and never sound.
func TestOptionLatencyCap(t *testing.T) {
	for _, latency := range []time.Duration{0, 500 * ms, 2 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			server := rtmptest.NewPipeServer(t, rtmptest.Script{PipeSize: 4000, ReadRate: 60_000})
			defer server.Close()
			s := startOn(t, to(server), func(o *publish.Options) { o.LiveMode, o.OutputBufferSize, o.LatencyCap = true, 10<<20, latency }, videoInBand, rawAAC)
			worst := time.Duration(0)
			for i := range 500 { // 100 kB a second on a link that takes 60
				at := time.Duration(i) * 40 * ms
				nal := append([]byte{0x41, 0x9a}, append(filler(4000), byte(i), 0x80)...)
				switch {
				case i%50 == 0:
					nal[0] = 0x65
				case i%2 == 1:
					nal[0] = 0x01 // nothing refers to it
				}
				s.write(0, at, at, annexB(smallSPS, pps, nal))
				s.write(1, at, at, []byte{0x21, 1})
				s.write(1, at+20*ms, at+20*ms, []byte{0x21, 2})
				worst = max(worst, s.Stats().Backlog)
				pass(40 * ms)
			}
			stats := s.Stats()
			if latency == 0 {
				require.Greater(t, worst, 5*time.Second)
				require.Zero(t, stats.FramesDropped)
				_ = s.finishOn() // it takes too long
				return
			}
			require.LessOrEqual(t, worst, latency+100*ms)
			require.NotZero(t, stats.FramesDropped)
			session := server.Session()
			require.NoError(t, s.finishOn())
			require.Equal(t, 1000, s.Stats().AudioPacketsSent, "no sound is missing")
			<-session.Ended()
			references(t, mediaOf(session))
		})
	}
}

// references requires that each picture's reference came: the one before it that
// others refer to. Numbers are modulo 256; of two neighbours one is disposable.
func references(t *testing.T, list []rtmptest.Message) {
	t.Helper()
	last := -1
	for _, m := range list {
		if m.Type != 9 || m.Body[1] == 0 {
			continue
		}
		number := int(m.Body[len(m.Body)-2])
		key, disposable := m.Body[0]>>4 == 1, number%2 == 1
		if !key {
			require.Equal(t, last, (number-1-(number+1)%2+256)%256, "the reference of %d", number)
		}
		if !disposable {
			last = number
		}
	}
	require.NotEqual(t, -1, last)
}
