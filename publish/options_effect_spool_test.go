package publish_test

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// heavyOutage runs an outage of ten seconds at 2.5 MB a second and returns the
// most that was held in memory and on disk.
func heavyOutage(t *testing.T, change func(*publish.Options)) (a *away, memory int, disk int64, trouble string) {
	t.Helper()
	a = newAway(t, rtmptest.Script{AckEvery: 10_000, PipeSize: 1 << 20}, change, videoInBand)
	a.cam.bytes, a.cam.mute = 100_000, true
	require.NoError(t, a.cam.run(3*time.Second))
	a.back = time.Now().Add(10 * time.Second)
	a.sessions[0].Reset()
	for range 20 {
		require.NoError(t, a.cam.run(500*ms))
		synctest.Wait()
		stats := a.Stats()
		memory, disk, trouble = max(memory, stats.OutputBufferFillness), max(disk, stats.OutageSpooled), cmp.Or(stats.SpoolError, trouble)
	}
	require.NoError(t, a.cam.run(20*time.Second))
	require.LessOrEqual(t, a.cam.slow, 10*ms)
	return a, memory, disk, trouble
}

func TestOptionOutageMemory(t *testing.T) {
	for _, limit := range []int{2 << 20, 64 << 20} {
		synctest.Test(t, func(t *testing.T) {
			a, memory, _, _ := heavyOutage(t, func(o *publish.Options) { o.OutageMemory = limit; o.CatchUpRate = 0 })
			list := a.end(t)
			wellBegun(t, list, false)
			require.LessOrEqual(t, memory, limit)
			require.Equal(t, limit < 25<<20, a.Stats().FramesLost > 0, "25 MB came in the outage")
		})
	}
}

// What memory does not hold goes to disk and comes back, and no file stays.
func TestOptionOutageSpool(t *testing.T) {
	folder := t.TempDir()
	for _, spool := range []string{"", folder} {
		synctest.Test(t, func(t *testing.T) {
			a, memory, disk, trouble := heavyOutage(t, func(o *publish.Options) { o.OutageMemory, o.OutageSpool, o.CatchUpRate = 8<<20, spool, 0 })
			list := a.end(t)
			wellBegun(t, list, false)
			require.LessOrEqual(t, memory, 8<<20)
			require.Equal(t, spool != "", disk > 10<<20)
			require.Equal(t, spool == "", a.Stats().FramesLost > 0)
			require.Empty(t, trouble)
			require.Zero(t, a.Stats().OutageSpooled)
		})
	}
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
	_, err = publish.New(func() publish.Options {
		o := publish.DefaultOptions()
		o.URL, o.OutageSpool = "rtmp://127.0.0.1/live+x", filepath.Join(folder, "none")
		return o
	}())
	var wrong *publish.OptionError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, "outage-spool", wrong.Name)
}

// A full spool is told, and costs nothing that is held already.
func TestOptionOutageSpoolSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _, disk, trouble := heavyOutage(t, func(o *publish.Options) {
			o.OutageMemory, o.OutageSpool, o.OutageSpoolSize, o.CatchUpRate = 4<<20, t.TempDir(), 16, 0
		})
		list := a.end(t)
		wellBegun(t, list, false)
		require.LessOrEqual(t, disk, int64(16<<20))
		require.Greater(t, disk, int64(15<<20))
		require.Contains(t, trouble, "size limit")
		stats := a.Stats()
		require.NotZero(t, stats.FramesLost)
		require.Greater(t, stats.VideoPacketsSent, 700, "16 MB and the half of memory came through: %+v", stats)
	})
}

// A disk that fails is told once, nothing that is held is lost to it, and the
// stream goes on.
func TestSpoolThatFails(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "gone")
	require.NoError(t, os.Mkdir(folder, 0o700))
	synctest.Test(t, func(t *testing.T) {
		a, memory, _, trouble := heavyOutage(t, func(o *publish.Options) {
			o.OutageMemory, o.OutageSpool, o.CatchUpRate = 4<<20, folder, 0
			require.NoError(t, os.Chmod(folder, 0o700))
			time.AfterFunc(5*time.Second, func() { require.NoError(t, os.Remove(folder)) })
		})
		list := a.end(t)
		wellBegun(t, list, false)
		require.Contains(t, trouble, "no such file")
		require.LessOrEqual(t, memory, 4<<20+9<<20)
		require.EqualValues(t, 0, firstPicture(t, list)%1000)
		require.NotZero(t, a.Stats().FramesLost)
	})
}
