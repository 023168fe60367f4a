package interop

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/interop/elementary"
	"rtmpwriter/interop/server"
)

// publishes is how often the end of a stream is tried with each server: a close
// that resets loses the last frames sometimes, not always.
const publishes = 50

// TestLastFrameArrives publishes a tiny clip again and again; it must arrive
// whole each time.
func TestLastFrameArrives(t *testing.T) {
	if !has(t, server.Installed("ffmpeg", "ffprobe")()) {
		return
	}
	p, tiny := program(t), clips(t)["tiny"]
	sent, err := elementary.Read(t.Context(), tiny)
	require.NoError(t, err)
	for _, kind := range kinds(t, "nginx", "ffmpeg", "lal") {
		t.Run(kind.Name, func(t *testing.T) {
			if !has(t, kind.Missing()) {
				return
			}
			s := launched(t, kind)
			for i := range publishes {
				t.Run(fmt.Sprint(i), func(t *testing.T) {
					t.Parallel()
					got, _ := deliver(t, s, p, fmt.Sprintf("tiny%d", i), tiny)
					require.Empty(t, elementary.Compare(sent, sent, got))
				})
			}
		})
	}
}
