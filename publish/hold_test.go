package publish

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp"
)

// Many frames go out in one write, and the server may have it in part: what is sent
// again begins with the last keyframe that it has.
func TestWhatTheServerHasOfABatchIsLetGo(t *testing.T) {
	q := testQueue(1<<20, false)
	q.hold = hold{span: time.Minute, memory: 64 << 20}
	for i := range 6 {
		f := testFrame(0, time.Duration(i)*40*time.Millisecond, 90)
		f.keyframe = i%2 == 0
		require.NoError(t, push(t.Context(), q, f))
	}
	q.endTrack(1)
	batch, _, _ := q.pop(nil, 1<<20)
	require.Len(t, batch, 6)
	for i, f := range batch {
		f.end = uint64(100 * (i + 1)) // of the batch
	}
	q.sent(batch, 1000)
	for _, c := range []struct {
		had   uint64
		begin time.Duration
	}{{1000, 0}, {1099, 0}, {1299, 0}, {1300, 80 * ms}, {1499, 80 * ms}, {1500, 160 * ms}, {1600, 160 * ms}} {
		q.release(c.had, rtmp.EvidenceAcknowledged)
		require.Equal(t, c.begin, q.hold.sent.at(0).dts, "the server has %d bytes", c.had)
	}
}
