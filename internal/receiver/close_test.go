//go:build !(386 || arm || mips || mipsle)

package receiver

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCloseEndsStreamsAndWaits(t *testing.T) {
	r, arrived := startTelling(t)
	started(t, r, arrived, "app", "k")
	waiting := make(chan error)
	results := make(chan *Result, 1)
	go func() {
		for {
			result, err := r.Wait(context.Background())
			if err != nil {
				waiting <- err
				return
			}
			results <- result
		}
	}()
	require.NoError(t, r.Close())
	require.NoError(t, r.Close(), "twice does no harm")
	require.ErrorIs(t, <-waiting, ErrClosed)
	require.Error(t, (<-results).Err, "a stream that the receiver cut has not ended in order")

	ended, cancel := context.WithCancel(context.Background())
	cancel()
	open := start(t, Config{})
	_, err := open.Wait(ended)
	require.ErrorIs(t, err, context.Canceled)
}

func TestStartSaysWhatIsWrong(t *testing.T) {
	r := start(t, Config{})
	_, err := Start(t.Context(), Config{Addr: r.Addr()})
	require.ErrorContains(t, err, "RTMP receiver")
	require.ErrorContains(t, err, r.Addr())
}

func TestNameIsFreeAgainAfterTheEnd(t *testing.T) {
	r, arrived := startTelling(t)
	first := started(t, r, arrived, "app", "k")
	refused := publish(t, r, "app", "k") // the client does not read the answer
	other := started(t, r, arrived, "app", "other")
	require.NoError(t, other.client.Close())
	result, err := r.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, "other", result.Key, "the refused one has no result")
	_ = refused.client.Close()

	require.NoError(t, first.client.Close())
	result, err = r.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, "k", result.Key)
	started(t, r, arrived, "app", "k")
	require.NoError(t, r.Close())
	result, err = r.Wait(t.Context())
	require.NoError(t, err)
	require.Equal(t, "k", result.Key)
}

func TestResultsNobodyWaitsForAreBounded(t *testing.T) {
	r := start(t, Config{})
	for range maxResults + 5 {
		s := session{conn: &conn{owner: r}, asked: Stream{App: "a"}}
		require.NoError(t, s.begin("k", "live"))
		s.end(EndClosed, nil)
	}
	require.Len(t, r.ended, maxResults)
}
