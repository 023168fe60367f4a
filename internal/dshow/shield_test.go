package dshow

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/com"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// fault is a log that panics when a connection is there.
type fault struct{ slog.Handler }

func (fault) Enabled(context.Context, slog.Level) bool { return true }
func (fault) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "state" && a.Value.Any() == publish.Connected {
			panic("s3cret")
		}
		return true
	})
	return nil
}

// A panic in the engine's goroutine is an error of the stream and not the end of
// the program: who waits comes back, and the graph is told.
func TestPanicIsAnError(t *testing.T) {
	inTime(t, rtmptest.Script{}, func(o *publish.Options) { o.OutputBufferSize = 4000 }, func(r *rig) {
		r.engine = append(r.engine, publish.WithLogger(slog.New(fault{slog.DiscardHandler})))
		require.NoError(t, r.Pause())
		answers := r.blocked(1000)
		require.Empty(t, answers)
		require.NoError(t, r.Run())
		require.Equal(t, com.RuntimeError, <-answers)
		require.Equal(t, com.RuntimeError, <-answers)
		synctest.Wait()
		require.Contains(t, r.graph.events(), "event 3 0x80004005")
		require.ErrorIs(t, r.LastError(), errFault)
		require.NotContains(t, r.LastError().Error(), "s3cret")
		r.Stop()
	})
}
