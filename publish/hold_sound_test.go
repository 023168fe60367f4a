package publish_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// A picture that is declared and never comes costs no sound: what is held of it is
// let go as the server takes it, and no more.
func TestSoundIsHeldWhileThePictureIsAway(t *testing.T) {
	for _, after := range []time.Duration{29*time.Second + 900*ms, 30*time.Second + 40*ms, 40 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			a := newAway(t, rtmptest.Script{AckEvery: 500}, func(o *publish.Options) { o.OutageBuffer = 30 * time.Second }, videoInBand, rawAAC)
			sound := func(from, to time.Duration) {
				for at := from; at < to; at += 20 * ms {
					require.NoError(t, a.Write(t.Context(), media.Packet{Track: 1, DTS: at, PTS: at, Data: []byte{0x21, 1}}))
					a.cam.wrote++
					pass(20 * ms)
				}
			}
			sound(0, after)
			a.back = time.Now().Add(3 * time.Second)
			a.sessions[0].Stall()
			sound(after, after+100*ms)
			a.sessions[0].Reset()
			sound(after+100*ms, after+10*time.Second)
			a.end(t)
			seen := map[uint32]bool{}
			for _, session := range a.sessions {
				for _, m := range mediaOf(session) {
					seen[m.Timestamp] = seen[m.Timestamp] || m.Type == 8 && m.Body[1] == 1
				}
			}
			require.Len(t, seen, int((after+10*time.Second)/(20*ms)), "%v: %+v", after, a.Stats())
			require.Zero(t, a.Stats().FramesLost)
			require.Less(t, a.Stats().FramesResent, 100)
		})
	}
}

// A jump of a live source's times is no stream that is held.
func TestJumpOfTimesKeepsWhatIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAway(t, rtmptest.Script{AckEvery: 500}, func(o *publish.Options) { o.OutageBuffer = 30 * time.Second }, videoInBand, rawAAC)
		require.NoError(t, a.cam.run(3500*ms))
		a.cam.offset = time.Hour
		a.sessions[0].Stall()
		require.NoError(t, a.cam.run(200*ms))
		a.leave(t, 2*time.Second)
		require.NoError(t, a.cam.run(5*time.Second))
		list := a.end(t)
		require.Zero(t, a.Stats().FramesLost, "%+v", a.Stats())
		require.LessOrEqual(t, firstPicture(t, list), uint32(3000))
	})
}
