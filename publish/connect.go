package publish

import (
	"context"

	"rtmpwriter/rtmp"
)

// Connect connects and publishes, so that the first frame meets a server that
// is ready. Run does it when it was not done. Errors are those of rtmp.Dial, or
// ErrClosed.
func (p *Publisher) Connect(ctx context.Context) error {
	_, err := p.connect(ctx)
	return err
}

func (p *Publisher) connect(ctx context.Context) (*rtmp.Conn, error) {
	select {
	case p.dialing <- struct{}{}:
		defer func() { <-p.dialing }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p.mu.Lock()
	conn, closed := p.conn, p.closed
	p.cancelDial = cancel
	p.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	if conn != nil {
		return conn, nil
	}
	conn, err := rtmp.Dial(ctx, p.url, p.sessionConfig())
	if err != nil {
		p.tell(Disconnected, err)
		return nil, err
	}
	p.mu.Lock()
	if closed = p.closed; !closed {
		p.conn = conn
	}
	p.mu.Unlock()
	if closed { // meanwhile: nobody else would end this session
		conn.Abort()
		_ = conn.Close(ctx)
		return nil, ErrClosed
	}
	p.tell(Connected, nil)
	return conn, nil
}

func (p *Publisher) sessionConfig() rtmp.Config {
	o := &p.options
	return rtmp.Config{
		Dial: p.dial, TLS: p.tls, Logger: p.log,
		ChunkSize: o.ChunkSize, SocketBuffer: o.SocketBufferSize, TCPNoDelay: o.TCPNoDelay,
		ConnectTimeout: o.ConnectTimeout, SendTimeout: o.SendTimeout, ReceiveTimeout: o.ReceiveTimeout, PeerTimeout: o.PeerTimeout,
		FallbackPorts: o.FallbackPorts, FallbackTunnel: o.FallbackTunnel, Bind: o.Bind, Proxy: p.proxy,
		PublishMode: o.PublishMode, ClientAgent: o.ClientAgent,
		OnStatus: p.serverSaid,
	}
}
