package publish_test

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// victim is what a fault happens to: a server that does harm, or a network, until
// the publisher is reconnecting, and a good server from then on.
type victim struct {
	harm      harm
	bad, good *rtmptest.Server
	publisher *publish.Publisher

	mu                       sync.Mutex
	at                       time.Time // of the harm
	sessions, sessionsOfGood []*rtmptest.Session
}

// struck is when the harm was done.
func (v *victim) struck() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	at := v.at
	for _, s := range v.sessions {
		if marked := s.Marked(); !marked.IsZero() {
			at = marked
		}
	}
	return at
}

func (v *victim) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.publisher.Status().State == publish.Reconnecting {
		conn, err := v.good.Dial(ctx, network, addr)
		if err == nil {
			v.sessionsOfGood = append(v.sessionsOfGood, v.good.Session())
		}
		return conn, err
	}
	if v.harm.dial != nil {
		return v.harm.dial(ctx)
	}
	conn, err := v.bad.Dial(ctx, network, addr)
	if err == nil {
		session := v.bad.Session()
		v.sessions = append(v.sessions, session)
		if v.harm.wrap != nil {
			conn = v.harm.wrap(conn, session)
		}
	}
	return conn, err
}

// close ends the servers, whatever they are at.
func (v *victim) close() {
	v.bad.Close()
	v.good.Close()
	for _, s := range append(v.sessions, v.sessionsOfGood...) {
		<-s.Ended()
	}
}

// start makes the publisher of a fault.
func (f fault) start(t *testing.T, h harm, again bool) (*stream, *victim) {
	t.Helper()
	v := &victim{harm: h, at: time.Now(), bad: rtmptest.NewPipeServer(t, h.script), good: rtmptest.NewPipeServer(t, h.good)}
	o := publish.DefaultOptions()
	o.URL, o.LiveMode = v.good.URL("live+s3cret"), true
	if again {
		resuming(&o)
	}
	if f.change != nil {
		f.change(&o)
	}
	with := []publish.Option{publish.WithDialer(v.dial)}
	if f.trust != nil {
		with = append(with, publish.WithTLSConfig(&tls.Config{RootCAs: f.trust.pool, MinVersion: tls.VersionTLS12}))
	}
	p, err := publish.New(o, with...)
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(videoInBand, rawAAC))
	v.publisher = p
	return &stream{Publisher: p, t: t, ended: make(chan error, 1)}, v
}

func (s *stream) run(t *testing.T) {
	go func() { s.ended <- s.Run(t.Context()) }() // joined by reading ended
}
