package publish_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp"
	"rtmpwriter/rtmp/rtmptest"
)

// The bytes on the wire: a payload is cut where the chunk size says, which is
// what was announced.
func TestOptionChunkSize(t *testing.T) {
	for _, size := range []int{128, 4096, 65_536, 1 << 20} {
		s := start(t, rtmptest.Script{Raw: true}, func(o *publish.Options) { o.ChunkSize = size }, videoOutOfBand(t))
		s.write(0, 0, 0, sized(300_000, true))
		s.finish()
		announced := s.session.Wait(func(m rtmptest.Message) bool { return m.Type == 1 })
		require.Equal(t, []byte{byte(size >> 24), byte(size >> 16), byte(size >> 8), byte(size)}, announced.Body)
		raw := s.session.Raw()
		longest := min(size, 300_000-5)
		require.Contains(t, string(raw), string(filler(longest)))
		require.NotContains(t, string(raw), string(filler(longest+1)))
		if size < 300_000 {
			require.GreaterOrEqual(t, bytes.Count(raw, append(filler(20), 0xc6, 0xaa)), 300_000/size-1, "continued by headers of one byte")
		}
	}
}

// connected is what the server was told: the connect command's object, and the
// arguments of publish.
func connected(t *testing.T, change func(*publish.Options)) (about amf0.Object, published []any) {
	t.Helper()
	s := start(t, rtmptest.Script{}, change, videoInBand)
	s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
	s.finish()
	return s.session.WaitCommand("connect").Command().Args[0].(amf0.Object), s.session.WaitCommand("publish").Command().Args[1:]
}

func TestOptionPublishMode(t *testing.T) {
	for mode, word := range map[rtmp.PublishMode]string{rtmp.PublishLive: "live", rtmp.PublishRecord: "record", rtmp.PublishAppend: "append"} {
		_, published := connected(t, func(o *publish.Options) { o.PublishMode = mode })
		require.Equal(t, []any{"s3cret", word}, published)
	}
}

func TestOptionClientAgent(t *testing.T) {
	about, _ := connected(t, nil)
	require.Equal(t, "FMLE/3.0 (compatible; FMSc/1.0)", about.String("flashVer"))
	about, _ = connected(t, func(o *publish.Options) { o.ClientAgent = "Example/2 (ä)" })
	require.Equal(t, "Example/2 (ä)", about.String("flashVer"))
}

func TestOptionURL(t *testing.T) {
	n := newNetwork(nil)
	server := rtmptest.NewPipeServer(t, rtmptest.Script{})
	n.answer = func(_ int, addr string) (net.Conn, error) { return server.Dial(t.Context(), "tcp", addr) }
	s := startOn(t, n, func(o *publish.Options) { o.URL = "rtmp://192.0.2.7:1936/live?a=1+mp4:my/stream" }, videoInBand)
	s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
	require.NoError(t, s.finishOn())
	require.Equal(t, "192.0.2.7:1936", n.attempts()[0].addr)
	session := server.Session()
	about := session.WaitCommand("connect").Command().Args[0].(amf0.Object)
	require.Equal(t, "live?a=1", about.String("app"))
	require.Equal(t, "rtmp://192.0.2.7:1936/live?a=1", about.String("tcUrl"))
	require.Equal(t, "mp4:my/stream", session.WaitCommand("publish").Command().Args[1])
}

func TestOptionURLDelimiter(t *testing.T) {
	for delimiter, want := range map[string][2]string{
		"+": {"app", "a/b#c+d"}, "": {"app+a", "b#c+d"}, "#": {"app+a/b", "c+d"}, "~": {"app+a", "b#c+d"},
	} {
		about, published := connected(t, func(o *publish.Options) {
			o.URL, o.URLDelimiter = "rtmp://127.0.0.1/app+a/b#c+d", delimiter
		})
		require.Equal(t, want[0], about.String("app"), delimiter)
		require.Equal(t, want[1], published[0], delimiter)
	}
}

func TestOptionStreamKey(t *testing.T) {
	about, published := connected(t, func(o *publish.Options) {
		o.URL, o.StreamKey = "rtmp://127.0.0.1/live/instance", "a+b/c?token=1"
	})
	require.Equal(t, "live/instance", about.String("app"))
	require.Equal(t, "a+b/c?token=1", published[0])
}

// failing is how long a first connection takes to fail, and why.
func failing(t *testing.T, script rtmptest.Script, dial func(context.Context, string, string) (net.Conn, error), change func(*publish.Options)) (time.Duration, error) {
	t.Helper()
	server := rtmptest.NewPipeServer(t, script)
	defer server.Close()
	if dial == nil {
		dial = server.Dial
	}
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+s3cret"
	change(&o)
	p, err := publish.New(o, publish.WithDialer(dial))
	require.NoError(t, err)
	began := time.Now()
	err = p.Connect(t.Context())
	require.True(t, publish.Retryable(err))
	return time.Since(began), err
}

func TestOptionConnectTimeout(t *testing.T) {
	hanging := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	for _, limit := range []time.Duration{ms, 700 * ms, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			took, err := failing(t, rtmptest.Script{}, hanging, func(o *publish.Options) { o.ConnectTimeout = limit })
			require.Equal(t, limit, took)
			require.ErrorContains(t, err, "connect timeout")
		})
	}
	// All steps together, each of which is quick enough.
	synctest.Test(t, func(t *testing.T) {
		slow := func(s *rtmptest.Session, m rtmptest.Message) {
			<-time.After(900 * ms)
			rtmptest.Default()(s, m)
		}
		took, err := failing(t, rtmptest.Script{On: map[string]rtmptest.Handler{"connect": slow, "createStream": slow, "publish": slow}}, nil,
			func(o *publish.Options) { o.ConnectTimeout = 2 * time.Second })
		require.Equal(t, 2*time.Second, took)
		require.ErrorContains(t, err, "connect timeout")
	})
}

func TestOptionReceiveTimeout(t *testing.T) {
	for _, step := range []string{"connect", "createStream", "publish"} {
		for _, limit := range []time.Duration{200 * ms, 5 * time.Second} {
			synctest.Test(t, func(t *testing.T) {
				took, err := failing(t, rtmptest.Script{On: map[string]rtmptest.Handler{step: rtmptest.Silent()}}, nil,
					// Without a handover there are no capabilities to try again without.
					func(o *publish.Options) { o.ReceiveTimeout, o.Handover = limit, false })
				require.Equal(t, limit, took)
				require.ErrorContains(t, err, fmt.Sprintf("%s 127.0.0.1:1935: no answer within %v", step, limit))
			})
		}
	}
}

// A write that makes no progress ends the session after the timeout; one that
// makes little does not.
func TestOptionSendTimeout(t *testing.T) {
	for _, limit := range []time.Duration{500 * ms, 8 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s := start(t, deafScript, func(o *publish.Options) { o.SendTimeout = limit }, videoOutOfBand(t))
			s.server.Session().WaitCommand("publish")
			began := time.Now()
			s.write(0, 0, 0, sized(5000, true))
			require.ErrorContains(t, <-s.ended, "send timeout")
			require.InDelta(t, limit.Seconds(), time.Since(began).Seconds(), limit.Seconds()/4)
			s.server.Close()
		})
	}
	synctest.Test(t, func(t *testing.T) {
		s := start(t, rtmptest.Script{PipeSize: 100, ReadRate: 500}, func(o *publish.Options) {
			o.SendTimeout, o.ConnectTimeout, o.ReceiveTimeout = 500*ms, time.Minute, time.Minute
		}, videoOutOfBand(t))
		s.write(0, 0, 0, sized(20_000, true))
		began := time.Now()
		require.NoError(t, s.Drain(t.Context()))
		require.Greater(t, time.Since(began), 30*time.Second)
		s.finish()
		s.server.Close()
	})
}
