package publish_test

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// What an enemy makes a session hold at the worst moment: unfinished messages just
// below their bound, and answers that it does not read.
func TestEnemiesGetLittleMemory(t *testing.T) {
	const size = 60_000
	unfinished := sayControl(1, size)
	for id := byte(3); id < 37; id++ { // 34 of them are 2 MB
		unfinished = append(unfinished, announced(id, 1<<20, size)...)
	}
	ping := append([]byte{2, 0, 0, 0, 0, 0, 6, 4, 0, 0, 0, 0, 0, 6}, 1, 2, 3, 4)
	pings := bytes.Repeat(ping, 200_000)
	for name, c := range map[string]struct {
		bytes []byte
		most  uint64
	}{"unfinished messages": {unfinished, 4 << 20}, "pings that it does not read the answers of": {pings, 1 << 20}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				script := onStep("connect", rtmptest.Then(rtmptest.Stall(), blast(c.bytes), hang))
				script.PipeSize = 1000
				before := heap()
				s := start(t, script, func(o *publish.Options) { o.ReceiveTimeout = time.Minute; o.ConnectTimeout = time.Minute }, videoInBand)
				defer s.server.Close()
				pass(time.Second)
				synctest.Wait()
				require.Less(t, heap(), before+c.most, "bytes")
				bad := s.server.Session()
				require.False(t, bad.Marked().IsZero(), "the enemy has struck")
				_ = s.finishOn()
			})
		})
	}
}
