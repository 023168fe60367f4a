package main

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

// lines is a report's writer.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// publishClip publishes the built-in clip, ten seconds, in real (virtual) time.
// down makes the server unreachable.
type publishClip struct {
	server *rtmptest.Server
	report lines
	mu     sync.Mutex
	down   bool
	p      *publish.Publisher
	ended  chan error
}

func (c *publishClip) set(down bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = down
}

func (c *publishClip) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	return c.server.Dial(ctx, network, addr)
}

func startClip(ctx context.Context, t *testing.T, script rtmptest.Script, options map[string]string) *publishClip {
	t.Helper()
	c := &publishClip{server: rtmptest.NewPipeServer(t, script), ended: make(chan error, 1)}
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+SECRET"
	for _, f := range o.Fields() { // the command line's defaults, then the test's
		if value, ok := options[f.Name]; ok {
			require.NoError(t, f.Set(value))
		} else if f.CommandLine != "" {
			require.NoError(t, f.Set(f.CommandLine))
		}
	}
	var err error
	c.p, err = publish.New(o, publish.WithDialer(c.dial))
	require.NoError(t, err)
	source, err := openClip()
	require.NoError(t, err)
	j := &job{name: "clip", source: source, publisher: c.p, report: newPlainReport(c.p, &c.report, time.Minute, false), holds: o.OutageBuffer > 0}
	go func() {
		err := j.run(ctx, true)
		j.report.finish(err)
		_ = source.Close()
		c.ended <- err
	}()
	return c
}

// A broken connection comes back by itself. Nothing is lost with it, and the user
// is told what came twice. Where nothing is held, what was lost is told, and is no
// success.
func TestPublishReconnects(t *testing.T) {
	for _, held := range []bool{true, false} {
		testPublishReconnects(t, held)
	}
}

func testPublishReconnects(t *testing.T, held bool) {
	t.Helper()
	options := map[string]string{}
	if !held {
		options["outage-buffer"] = "0"
	}
	synctest.Test(t, func(t *testing.T) {
		c := startClip(t.Context(), t, rtmptest.Script{}, options)
		defer c.server.Close()
		<-time.After(4500 * time.Millisecond)
		c.set(true)
		c.server.Session().Reset()
		<-time.After(14 * time.Second)
		c.set(false)
		err := <-c.ended
		s := c.p.Stats()
		if held {
			require.NoError(t, err)
			require.Contains(t, c.report.String(), "frames sent again after a reconnect")
			require.Zero(t, s.FramesLost)
		} else {
			require.Equal(t, exitConnection, codeOf(err))
			require.ErrorContains(t, err, "the connection was lost and made again once")
			require.Contains(t, c.report.String(), "lost with the connection, which was made again once")
		}
		require.Equal(t, 1, s.Reconnects)
		require.Equal(t, 250+470, s.VideoPacketsSent+s.AudioPacketsSent+s.FramesLost)
		text := c.report.String()
		require.Contains(t, text, "connection lost: ")
		require.Contains(t, text, "(attempt 1)")
		require.Contains(t, text, "still not connected: ")
		require.Contains(t, text, "(attempt 2)")
		require.Contains(t, text, "connected to rtmp://127.0.0.1/live/****")
		require.NotContains(t, text, "SECRET")
	})
}

// What is left at the end of the input waits for the connection, not for the
// bound on a polite end.
func TestTheEndOfTheInputWaitsForTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := startClip(t.Context(), t, rtmptest.Script{}, map[string]string{"output-buffer-size": "100000000"})
		defer c.server.Close()
		<-time.After(4500 * time.Millisecond)
		c.set(true)
		c.server.Session().Reset()
		<-time.After(5 * time.Minute)
		require.Empty(t, c.ended)
		c.set(false)
		require.NoError(t, <-c.ended)
		require.Zero(t, c.p.Stats().FramesLost+c.p.Stats().FramesDropped, "what could be sent was")
	})
}

func TestAttemptsUsedUp(t *testing.T) {
	for code, change := range map[int]func(*publishClip){
		exitConnection: func(c *publishClip) { c.set(true) },
		exitRefused:    func(*publishClip) {},
	} {
		synctest.Test(t, func(t *testing.T) {
			first := true
			c := startClip(t.Context(), t, rtmptest.Script{On: map[string]rtmptest.Handler{
				"publish": func(s *rtmptest.Session, m rtmptest.Message) {
					if !first {
						rtmptest.Refuse("NetStream.Publish.BadName", "in use")(s, m)
						return
					}
					first = false
					rtmptest.Default()(s, m)
				},
			}}, map[string]string{"reconnect-unlimited": "off", "reconnect-attempts": "2"})
			defer c.server.Close()
			<-time.After(4500 * time.Millisecond)
			change(c)
			c.server.Session().Reset()
			err := <-c.ended
			require.ErrorContains(t, err, "after 2 attempts")
			require.Equal(t, code, codeOf(err))
		})
	}
}

// The first connection is not tried again, and neither is a server that gives
// the go-ahead and closes: a wrong key must not loop for ever.
func TestAFailedStartIsAnErrorAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := startClip(t.Context(), t, rtmptest.Script{On: map[string]rtmptest.Handler{
			"publish": rtmptest.Then(rtmptest.Default(), rtmptest.Hangup()),
		}}, nil)
		defer c.server.Close()
		began := time.Now()
		err := <-c.ended
		require.Equal(t, exitConnection, codeOf(err))
		require.True(t, rtmp.ClosedEarly(err))
		require.Less(t, time.Since(began), time.Second)
	})
}

// An interrupt in an outage ends at once: there is nobody to say goodbye to.
func TestInterruptDuringAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		c := startClip(ctx, t, rtmptest.Script{}, nil)
		defer c.server.Close()
		<-time.After(4500 * time.Millisecond)
		c.set(true)
		c.server.Session().Reset()
		<-time.After(time.Minute)
		began := time.Now()
		cancel(errInterrupted)
		require.Equal(t, exitInterrupted, codeOf(<-c.ended))
		require.LessOrEqual(t, time.Since(began), 500*time.Millisecond)
	})
}

// The same where there never was a connection.
func TestInterruptBeforeTheFirstConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		o := publish.DefaultOptions()
		o.URL, o.ReconnectOnStart, o.ReconnectUnlimited = "rtmp://127.0.0.1/live+x", true, true
		p, err := publish.New(o, publish.WithDialer(func(context.Context, string, string) (net.Conn, error) {
			return nil, syscall.ECONNREFUSED
		}))
		require.NoError(t, err)
		var report lines
		j := &job{name: "none", source: &silence{}, publisher: p, report: newPlainReport(p, &report, time.Minute, false)}
		ended := make(chan error, 1)
		go func() { ended <- j.run(ctx, false) }()
		<-time.After(time.Minute)
		cancel(errInterrupted)
		err = <-ended
		j.report.finish(err)
		require.Equal(t, exitInterrupted, codeOf(err))
		require.Contains(t, report.String(), "not connected: ")
	})
}

// silence is a source without a packet.
type silence struct{ media.Source }

func (silence) Tracks() []media.Track {
	return []media.Track{{Codec: media.CodecH264, Framing: media.FramingAnnexB}}
}
func (silence) Next() (media.Packet, error) { return media.Packet{}, io.EOF }
