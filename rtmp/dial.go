package rtmp

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"time"

	"rtmpwriter/rtmp/internal/chunk"
	"rtmpwriter/rtmp/internal/handshake"
)

// Dial connects to the server and publishes the stream: TCP (and TLS),
// handshake, connect, releaseStream, FCPublish, createStream, publish. It
// returns when the server has said NetStream.Publish.Start (RTMP 1.0, section
// 7.2; the commands as FMLE sends them).
//
// A server that asks for authentication, or refuses the simple handshake, is
// connected to anew: authentication takes up to three connections, the digest
// handshake one more, and so does a server that fails at Capabilities. Refused
// credentials are an *AuthError.
//
// ConnectTimeout bounds all of it, ReceiveTimeout the server's silence where an
// answer is due; ctx ends it at once, a tunnel within half a second, in which
// its server is told; it has no effect on the session after Dial returned. The error is an *OpError; Retryable says whether to try again.
func Dial(ctx context.Context, u *URL, cfg Config) (*Conn, error) {
	return dial(ctx, u, cfg, rand.Reader)
}

// dial is Dial with the source of the handshake's random bytes.
func dial(ctx context.Context, u *URL, cfg Config, random io.Reader) (*Conn, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	if u.StreamKey() == "" {
		_, err := u.WithStreamKey("")
		return nil, err
	}
	late := &timeoutError{"not connected", cfg.ConnectTimeout, "connect timeout"}
	ctx, cancel := context.WithTimeoutCause(ctx, cfg.ConnectTimeout, late)
	defer cancel()

	return overWays(ctx, ways(u, cfg), func(ctx context.Context, way *URL, reached func()) (*Conn, error) {
		return dialWay(ctx, way, cfg, reached, random)
	})
}

// dialWay publishes over one way to the server, in as many rounds as the server
// needs: each is a connection.
func dialWay(ctx context.Context, u *URL, cfg Config, reached func(), random io.Reader) (*Conn, error) {
	l, err := newLogin(u, cfg, random)
	if err != nil {
		return nil, err
	}
	l.round.reached = reached
	for {
		c, err := dialRound(ctx, u, cfg, l.round, random)
		if err == nil {
			l.succeeded(c)
			return c, nil
		}
		if err := l.next(ctx, c, err); err != nil {
			return nil, err
		}
	}
}

// dialRound publishes over one connection. With an error the session, where it
// came to one, has ended.
func dialRound(ctx context.Context, u *URL, cfg Config, r round, random io.Reader) (*Conn, error) {
	raw, conn, err := open(ctx, u, cfg)
	if err != nil {
		return nil, err
	}
	c := newConn(u, cfg, r, raw, conn)
	// Closing the transport ends whatever Dial waits for, at once.
	stop := context.AfterFunc(ctx, func() { c.abandon(context.Cause(ctx)) })
	err = c.publish(ctx, random)
	if !stop() { // the context has ended, and whatever failed did so for that
		err = c.opError(context.Cause(ctx))
	}
	if err != nil {
		c.abandon(err)
		c.goroutines.Wait()
	}
	return c, err
}

// abandon ends a session that did not come about.
func (c *Conn) abandon(err error) {
	c.end(c.opError(err))
	_ = c.raw.Close()
}

// publish runs the steps from the handshake to NetStream.Publish.Start, and
// tells each.
func (c *Conn) publish(ctx context.Context, random io.Reader) error {
	err := c.tellStep(opHandshake, func(*Step) error { return c.handshake(ctx, random) })
	if err != nil {
		return err
	}
	c.round.reached()
	c.start()
	err = c.tellStep(opConnect, func(s *Step) (err error) {
		s.Server, err = c.connect(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if err := c.tellStep(opCreateStream, func(*Step) error { return c.createStream(ctx) }); err != nil {
		return err
	}
	if err := c.tellStep(opPublish, func(*Step) error { return c.publishStream(ctx) }); err != nil {
		return err
	}
	if err := setNoDelay(c.raw, c.cfg.TCPNoDelay); err != nil {
		return c.opError(err)
	}
	return nil
}

func (c *Conn) handshake(ctx context.Context, random io.Reader) error {
	limit := c.cfg.ReceiveTimeout
	rw := struct {
		io.Reader
		io.Writer
	}{silenceReader{c, limit}, c.out}
	err := handshake.Client(rw, random, c.begun, c.round.form)
	_ = c.conn.SetReadDeadline(time.Time{})
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.Is(err, handshake.ErrVersion):
		err = &ProtocolError{err.Error()}
	case isClose(err):
		err = &silentCloseError{opHandshake, err}
	case errors.Is(err, os.ErrDeadlineExceeded) && !errors.As(err, new(*timeoutError)):
		err = &timeoutError{"no handshake", limit, "receive timeout"}
	}
	return c.opError(err)
}

// silenceReader reads with a deadline that every byte renews.
type silenceReader struct {
	c     *Conn
	limit time.Duration
}

func (r silenceReader) Read(b []byte) (int, error) {
	for {
		seen := r.c.signs()
		// A connection that can't have a deadline still has the context's.
		_ = r.c.conn.SetReadDeadline(time.Now().Add(r.limit))
		n, err := r.c.in.buffer.Read(b)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) || r.c.signs() == seen {
			return n, err
		}
	}
}

// start launches the two goroutines of the session. Both belong to the Conn,
// end with the transport (the control writer also with done) and are joined by
// Close, or by Dial when it fails.
func (c *Conn) start() {
	c.goroutines.Go(c.shielded(c.readLoop))
	c.goroutines.Go(c.shielded(c.controlLoop))
}

// sendNow writes whole messages of the session itself.
func (c *Conn) sendNow(messages []byte) error {
	c.lock()
	err := c.emit([][]byte{messages})
	c.unlock()
	if err != nil {
		c.writeFailed(err)
		return c.Err()
	}
	return nil
}

// announce has what both sides must know before the first command.
func (c *Conn) announce() []byte {
	b := appendControl(nil, chunk.TypeSetChunkSize, uint32(c.cfg.ChunkSize))
	return appendControl(b, chunk.TypeWindowAckSize, c.cfg.WindowAckSize)
}
