package publish_test

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// spoolFile is the file of a spool in a folder, which has no name any more.
func spoolFile(t *testing.T, folder string) (path string, size int64) {
	t.Helper()
	const files = "/proc/self/fd/"
	open, err := os.ReadDir(files)
	require.NoError(t, err)
	for _, entry := range open {
		at := files + entry.Name()
		if to, err := os.Readlink(at); err == nil && strings.HasPrefix(to, folder) {
			info, err := os.Stat(at)
			require.NoError(t, err)
			return at, info.Size()
		}
	}
	t.Fatal("no file of the spool")
	return "", 0
}

// A picture that the disk does not give back costs what depends on it and no sound,
// also over an outage before the next keyframe.
func TestPictureThatTheDiskLoses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder, asked := t.TempDir(), 0
		a := newAway(t, rtmptest.Script{AckEvery: 10_000, PipeSize: 1 << 20, On: map[string]rtmptest.Handler{"publish": func(s *rtmptest.Session, m rtmptest.Message) {
			if asked++; asked == 2 {
				path, size := spoolFile(t, folder)
				require.NoError(t, os.Truncate(path, size-100_000)) // the last three pictures
			}
			rtmptest.Default()(s, m)
		}}}, func(o *publish.Options) {
			o.OutageMemory, o.OutageSpool, o.CatchUpRate, o.ReconnectMaxInterval = 4<<20, folder, 0, 500*ms
		}, videoInBand, rawAAC)
		a.cam.bytes = 30_000
		require.NoError(t, a.cam.run(2*time.Second))
		a.leave(t, 4200*ms)
		for a.Stats().Reconnects == 0 {
			require.NoError(t, a.cam.run(40*ms))
		}
		require.NotZero(t, a.Stats().FramesLost, "the disk has failed")
		require.NoError(t, a.cam.run(80*ms))
		require.Less(t, a.cam.n%25, 20, "the next keyframe has not come")
		a.leave(t, 600*ms)
		require.NoError(t, a.cam.run(10*time.Second))
		a.end(t)
		sound := map[uint32]bool{}
		for _, session := range a.sessions {
			wellBegun(t, mediaOf(session), false)
			for _, m := range mediaOf(session) {
				if m.Type == 8 && m.Body[1] == 1 {
					sound[m.Timestamp] = true
				}
			}
		}
		require.GreaterOrEqual(t, len(sound), 2*a.cam.n-8, "only what lay beside these pictures")
	})
}
