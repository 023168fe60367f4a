package publish_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// Without a buffer a live Write waits for the socket, but for no connection: what
// an outage meets on its way is held like what comes.
func TestLiveWriteWithoutBufferWaitsForNoConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAway(t, rtmptest.Script{PipeSize: 1000}, func(o *publish.Options) { o.OutputBufferSize = 0 }, videoInBand, rawAAC)
		require.NoError(t, a.cam.run(2*time.Second))
		a.sessions[0].Stall()
		written := make(chan error, 1)
		began := time.Now()
		go func() {
			at := a.cam.length()
			written <- a.Write(context.Background(), media.Packet{Track: 1, DTS: at, PTS: at, Data: filler(5000)})
		}()
		synctest.Wait()
		a.back = time.Now().Add(20 * time.Second)
		a.sessions[0].Reset()
		require.NoError(t, <-written)
		require.Less(t, time.Since(began), time.Second)
		pass(21 * time.Second)
		require.NoError(t, a.finishOn())
		a.server.Close()
		for _, s := range a.sessions {
			<-s.Ended()
		}
		require.Zero(t, a.Stats().FramesLost)
	})
}
