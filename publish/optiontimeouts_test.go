package publish_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// A server that says something all the time, but never the answer.
func TestOptionConnectTimeout(t *testing.T) {
	chatter := func(s *rtmptest.Session, _ rtmptest.Message) {
		for range 100 {
			select {
			case <-time.After(100 * ms):
				s.Send(rtmptest.PingRequest(1))
			case <-s.Ended():
			}
		}
	}
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		s := start(t, rtmptest.Script{On: map[string]rtmptest.Handler{"publish": chatter}},
			func(o *publish.Options) { o.ConnectTimeout = 3 * time.Second }, videoInBand)
		require.ErrorContains(t, <-s.ended, "not connected within 3s (connect timeout)")
		require.Equal(t, 3*time.Second, time.Since(begun))
	})
}

// A server that does not answer.
func TestOptionReceiveTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		s := start(t, rtmptest.Script{On: map[string]rtmptest.Handler{"connect": rtmptest.Silent()}},
			func(o *publish.Options) { o.ReceiveTimeout = 400 * ms }, videoInBand)
		require.ErrorContains(t, <-s.ended, "within 400ms (receive timeout)")
		require.Equal(t, 400*ms, time.Since(begun))
	})
}

// A server that stops reading.
func TestOptionSendTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stalled := rtmptest.Then(rtmptest.Default(), rtmptest.Stall())
		s := start(t, rtmptest.Script{On: map[string]rtmptest.Handler{"publish": stalled}},
			func(o *publish.Options) { o.SendTimeout = 1500 * ms }, videoInBand)
		s.write(0, 0, 0, annexB(smallSPS, pps, append(idr(1), filler(200_000)...)))
		begun := time.Now()
		require.ErrorContains(t, <-s.ended, "(send timeout)")
		took := time.Since(begun)
		require.GreaterOrEqual(t, took, 1500*ms)
		require.Less(t, took, 2000*ms)
	})
}
