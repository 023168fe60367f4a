package rtmp

import (
	"context"
	"net"
	"time"
)

// Abort resets the connection at once (RST on TCP), so that the server sees an
// abnormal end and may keep the broadcast for a reconnect. It interrupts Flush
// and Close, and may be called from any goroutine, more than once.
func (c *Conn) Abort() {
	c.end(&OpError{opClose, c.addr, &closedError{"aborted"}})
	if s, ok := c.raw.(interface{ SetLinger(int) error }); ok {
		_ = s.SetLinger(0) // fails on a closed socket only
	}
	_ = c.raw.Close()
}

// drainLimit is how long Close waits for the server to close after it has been
// told of the end; most do within a round trip.
const drainLimit = 3 * time.Second

// Close ends the session politely: it flushes, sends FCUnpublish and
// deleteStream, half-closes, reads what the server still sends, so that
// nothing is lost to a reset, and closes. ctx bounds it; a bound of its own is
// there too. When the session has failed before, Close only frees what it
// holds. It may be called more than once, from any goroutine but that of
// OnStatus. The error tells that the stream's end may not have reached the
// server.
func (c *Conn) Close(ctx context.Context) error {
	if !c.closing.CompareAndSwap(false, true) {
		<-c.closed
		return c.closeErr
	}
	defer close(c.closed)
	stop := context.AfterFunc(ctx, func() { _ = c.raw.Close() })
	defer stop()
	if c.Err() == nil {
		c.closeErr = c.farewell(ctx)
	}
	c.end(c.closedHere())
	_ = c.raw.Close()
	c.goroutines.Wait()
	return c.closeErr
}

// closedHere is Err after Close.
func (c *Conn) closedHere() error { return &OpError{opClose, c.addr, &closedError{"closed"}} }

// farewell sends what is left to say and waits for the server to close.
func (c *Conn) farewell(ctx context.Context) error {
	c.mu.Lock()
	c.state.closing = true
	c.mu.Unlock()
	if err := c.sendFarewell(); err != nil {
		return &OpError{opClose, c.addr, ended(ctx, err)}
	}
	timer := time.NewTimer(drainLimit)
	defer timer.Stop()
	select {
	case <-c.readerDone:
	case <-timer.C:
	case <-ctx.Done():
	}
	return nil
}

func (c *Conn) sendFarewell() error {
	c.lock()
	defer c.unlock()
	c.parted = true
	err := c.out.send(c.chunks.Vector())
	c.discard()
	if err != nil {
		return err
	}
	size := c.cfg.ChunkSize
	b := appendCommand(nil, csidCommand, 0, size, "FCUnpublish", float64(txnFCUnpublish), nil, c.url.StreamKey())
	b = appendCommand(b, csidCommand, 0, size, "deleteStream", float64(txnDeleteStream), nil, float64(c.streamID))
	if err := c.out.send([][]byte{b}); err != nil {
		return err
	}
	return c.closeWrite()
}

// closeWrite half-closes TLS, which tells the end within the protocol, and the
// transport beneath it.
func (c *Conn) closeWrite() error {
	layers := []net.Conn{c.conn, c.raw}
	if c.conn == c.raw {
		layers = layers[:1]
	}
	for _, conn := range layers {
		if h, ok := conn.(interface{ CloseWrite() error }); ok {
			if err := h.CloseWrite(); err != nil {
				return err
			}
		}
	}
	return nil
}
