package publish_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// A disk that was full in one outage keeps nothing of it when that is over, and
// serves in the next.
func TestSpoolServesAgainAfterItWasFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAway(t, rtmptest.Script{AckEvery: 10_000, PipeSize: 1 << 20}, func(o *publish.Options) {
			o.OutageMemory, o.OutageSpool, o.OutageSpoolSize, o.CatchUpRate = 4<<20, t.TempDir(), 16, 0
		}, videoInBand)
		a.cam.bytes, a.cam.mute, a.cam.own = 100_000, true, true
		require.NoError(t, a.cam.run(3*time.Second))
		outage := func() (disk int64) {
			a.back = time.Now().Add(15 * time.Second)
			a.sessions[len(a.sessions)-1].Reset()
			for range 30 {
				require.NoError(t, a.cam.run(500*ms))
				synctest.Wait()
				disk = max(disk, a.Stats().OutageSpooled)
			}
			return disk
		}
		require.Greater(t, outage(), int64(15<<20))
		away := len(a.cam.owners)
		require.NoError(t, a.cam.run(20*time.Second))
		synctest.Wait()
		kept := 0
		for _, o := range a.cam.owners[:away] {
			if o.released.Load() == 0 {
				kept++
			}
		}
		require.Zero(t, kept, "packets of the outage that nobody needs any more")
		require.Greater(t, outage(), int64(15<<20), "the second outage")
		require.NoError(t, a.cam.run(20*time.Second))
		a.end(t)
	})
}

// What goes back from the socket into memory leaves the disk to what comes.
func TestDiskTakesWhatComesBehindALargeGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAway(t, rtmptest.Script{AckEvery: 10_000, PipeSize: 1 << 20}, func(o *publish.Options) {
			o.OutageMemory, o.OutageSpool, o.OutageSpoolSize, o.CatchUpRate = 1<<20, t.TempDir(), 200, 0
		}, videoInBand)
		a.cam.bytes, a.cam.mute = 600_000, true // 15 MB a group of pictures
		require.NoError(t, a.cam.run(2960*ms))
		a.leave(t, 5*time.Second)
		require.NoError(t, a.cam.run(10*time.Second))
		a.end(t)
		require.Zero(t, a.Stats().FramesLost, "%+v", a.Stats())
	})
}
