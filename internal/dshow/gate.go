package dshow

import (
	"context"
	"errors"
)

// Why a Receive that waits is set free.
var (
	errStopped  = errors.New("the filter was stopped")
	errFlushing = errors.New("the pin is being flushed")
	errOutage   = errors.New("the connection is away for too long to wait")
)

// gate is what a waiting Receive of one pin waits behind: a context that ends
// for a reason and is then made anew. Guarded by Renderer.mu.
type gate struct {
	ctx  context.Context
	free context.CancelCauseFunc
}

// close makes every Receive wait that has to.
func (g *gate) close() {
	if g.ctx == nil || g.ctx.Err() != nil {
		g.ctx, g.free = context.WithCancelCause(context.Background())
	}
}

// open sets those free that wait, and those that come, until it is closed.
func (g *gate) open(why error) {
	g.close()
	g.free(why)
}
