package server

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEventsReachWhoWaits(t *testing.T) {
	var e events
	e.complete("nobody", "")
	one, two := e.expect("one"), e.expect("two")
	e.complete("two", "/two")
	path, err := two(t.Context())
	require.NoError(t, err)
	require.Equal(t, "/two", path)

	late := errors.New("too late")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(late)
	_, err = one(ctx)
	require.ErrorIs(t, err, late)
}

func TestProcessTellsWhyItDoesNotListen(t *testing.T) {
	port, err := freePort()
	require.NoError(t, err)
	p, err := startProcess(t.TempDir(), "sh", "-c", "echo no such thing >&2; exit 3")
	require.NoError(t, err)
	require.ErrorContains(t, p.listening(t.Context(), port), "no such thing")
	require.ErrorContains(t, p.wait(t.Context()), "exit status 3")
	require.NoError(t, p.stop(), "it has ended already")
}

func TestByName(t *testing.T) {
	kinds, err := ByName("lal", "nginx")
	require.NoError(t, err)
	require.Equal(t, []string{"lal", "nginx"}, []string{kinds[0].Name, kinds[1].Name})
	_, err = ByName("apache")
	require.ErrorContains(t, err, "apache")
	require.Error(t, Installed("no-such-program-here")())
}
