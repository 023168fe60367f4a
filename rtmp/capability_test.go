package rtmp

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/rtmptest"
)

// capable is a configuration that tells what it can do.
func capable() Config {
	return Config{Capabilities: CapReconnect, OnReconnectRequest: func(ReconnectRequest) {}}
}

// inBubble runs a test in virtual time; the servers that it makes known are
// forgotten behind it.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Cleanup(func() { plainServers = serverMemory{} })
	synctest.Test(t, test)
}

// closed dials a server that takes the session, and ends it.
func closed(t *testing.T, server *rtmptest.Server, cfg Config) {
	t.Helper()
	cfg.Dial = server.Dial
	c, err := Dial(context.Background(), testURL(t, server), cfg)
	require.NoError(t, err)
	require.NoError(t, c.Close(context.Background()))
}

func TestGoldenCapabilities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := rtmptest.NewPipeServer(t, rtmptest.Script{Raw: true, On: map[string]rtmptest.Handler{
			"releaseStream": rtmptest.Then(rtmptest.Hangup()),
		}})
		refused(t, server, capable())
		dump := annotate(t, server.Session().Raw()[handshakeBytes:])
		connect := dump[strings.Index(dump, "# Command connect"):strings.Index(dump, "# Command releaseStream")]
		checkGolden(t, "capabilities.txt", connect)
	})
}

// The property stands behind tcUrl, and only where it was asked for.
func TestCapabilitiesAreTold(t *testing.T) {
	for _, cfg := range []Config{{}, capable()} {
		synctest.Test(t, func(t *testing.T) {
			_, session := start(t, rtmptest.NewPipeServer(t, rtmptest.Script{}), cfg)
			object := session.WaitCommand("connect").Command().Args[0].(amf0.Object)
			if cfg.Capabilities == 0 {
				require.Equal(t, "tcUrl", object[len(object)-1].Name)
				return
			}
			require.Equal(t, "tcUrl", object[len(object)-2].Name)
			require.Equal(t, amf0.Property{Name: "capsEx", Value: 1.0}, object[len(object)-1])
		})
	}
}

func TestCapabilitiesOutOfRange(t *testing.T) {
	u, err := ParseURL("rtmp://127.0.0.1/live/k", "")
	require.NoError(t, err)
	for want, cfg := range map[string]Config{
		"there is only 0x1":        {Capabilities: 2},
		"needs OnReconnectRequest": {Capabilities: CapReconnect},
	} {
		_, err := Dial(t.Context(), u, cfg)
		require.ErrorContains(t, err, want)
	}
}

// TestServersThatChoke are connected to once more without capabilities, and for
// an hour without at once.
func TestServersThatChoke(t *testing.T) {
	for name, how := range map[string]rtmptest.Handler{
		"closes":          rtmptest.Hangup(),
		"resets":          rtmptest.Reset(),
		"stays silent":    rtmptest.Silent(),
		"breaks":          rtmptest.Say(rtmptest.SetChunkSize(0)),
		"refuses":         rtmptest.Refuse("NetConnection.Connect.Rejected", "what is capsEx?"),
		"refuses so":      rtmptest.Refuse("", ""),
		"says close":      rtmptest.Say(rtmptest.NewCommand(0, "close", 0, nil)),
		"refuses, closes": rtmptest.Then(rtmptest.Refuse("NetConnection.Connect.Failed", "no"), rtmptest.Hangup()),
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				script, connections := counted(rtmptest.ChokesOn("capsEx", how))
				server := rtmptest.NewPipeServer(t, script)
				closed(t, server, capable())
				require.EqualValues(t, 2, connections.Load())
				closed(t, server, capable())
				require.EqualValues(t, 3, connections.Load(), "it is remembered")
				<-time.After(plainFor)
				closed(t, server, capable())
				require.EqualValues(t, 5, connections.Load(), "and forgotten after a while")
			})
		})
	}
}

// TestRefusalsWithAReasonAreNoChoking counts the connections to servers that
// refuse every session.
func TestRefusalsWithAReasonAreNoChoking(t *testing.T) {
	refuse := rtmptest.Refuse
	for name, c := range map[string]struct {
		step        string
		answer      rtmptest.Handler
		cfg         Config
		connections int
	}{
		"authentication":       {"connect", refuse("NetConnection.Connect.Rejected", "authmod=adobe :?reason=authfailed"), capable(), 1},
		"access":               {"connect", refuse("NetConnection.Connect.Rejected", "[ AccessManager.Reject ] : no"), capable(), 1},
		"application":          {"connect", refuse("NetConnection.Connect.InvalidApp", "no such application"), capable(), 1},
		"restart":              {"connect", refuse("NetConnection.Connect.AppShutdown", "later"), capable(), 1},
		"stream":               {"createStream", rtmptest.Hangup(), capable(), 1},
		"key":                  {"publish", refuse("NetStream.Publish.BadName", "in use"), capable(), 1},
		"handshake":            {"accept", rtmptest.Hangup(), Config{Handshake: HandshakeSimple, Capabilities: CapReconnect, OnReconnectRequest: func(ReconnectRequest) {}}, 1},
		"whoever it is":        {"connect", refuse("NetConnection.Connect.Rejected", "no"), capable(), 2},
		"silently, whoever":    {"connect", rtmptest.Hangup(), capable(), 2},
		"without capabilities": {"connect", rtmptest.Hangup(), Config{}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				script, connections := counted(rtmptest.Default())
				if count := script.On["accept"]; c.step == "accept" {
					script.On["accept"] = rtmptest.Then(count, c.answer)
				} else {
					script.On[c.step] = c.answer
				}
				server := rtmptest.NewPipeServer(t, script)
				refused(t, server, c.cfg)
				require.EqualValues(t, c.connections, connections.Load())
				require.False(t, plainServers.has(server.Addr), "who refuses all has shown nothing")
			})
		})
	}
}

// A server that has answered with its wish for authentication does not choke:
// credentials are not repeated for it.
func TestChokingAndLogin(t *testing.T) {
	credentials := capable()
	credentials.Auth, credentials.Username, credentials.Password = AuthOn, loginUser, loginPassword
	login := rtmptest.Login{User: loginUser, Password: loginPassword}.Handler()
	inBubble(t, func(t *testing.T) {
		script, connections := counted(func(s *rtmptest.Session, m rtmptest.Message) {
			if strings.Contains(rtmptest.App(m), "response=") {
				s.Close()
				return
			}
			login(s, m)
		})
		err := refused(t, rtmptest.NewPipeServer(t, script), credentials)
		require.Equal(t, opConnect, err.Op)
		require.EqualValues(t, 3, connections.Load())
	})
	inBubble(t, func(t *testing.T) {
		script, connections := counted(func(s *rtmptest.Session, m rtmptest.Message) {
			if _, told := rtmptest.Property(m, "capsEx"); told {
				s.Close()
				return
			}
			login(s, m)
		})
		script.Digest = true
		server := rtmptest.NewPipeServer(t, script)
		closed(t, server, credentials)
		require.EqualValues(t, 5, connections.Load(), "handshake, capabilities, three for the login")
		require.True(t, plainServers.has(server.Addr))
	})
}

// TestFailureBehindChoking tells of the first failure where the second says
// less, and ends with the connect timeout.
func TestFailureBehindChoking(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		script, connections := counted(rtmptest.Hangup())
		server := rtmptest.NewPipeServer(t, script)
		cfg := capable()
		cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if connections.Load() > 0 {
				return nil, connectionRefused
			}
			return server.Dial(ctx, network, addr)
		}
		_, err := Dial(t.Context(), testURL(t, server), cfg)
		require.ErrorContains(t, err, "connect "+server.Addr+": the server closed the connection without a word")
	})
	inBubble(t, func(t *testing.T) {
		script, connections := counted(rtmptest.Silent())
		cfg := capable()
		cfg.ConnectTimeout = 1500 * time.Millisecond
		begun := time.Now()
		err := refused(t, rtmptest.NewPipeServer(t, script), cfg)
		require.ErrorContains(t, err, "connect timeout")
		require.Equal(t, cfg.ConnectTimeout, time.Since(begun))
		require.EqualValues(t, 2, connections.Load())
	})
}

func TestServerMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m serverMemory
		require.False(t, m.has("h:1"))
		m.remember("H:0")
		for i := 1; i < maxPlain; i++ {
			<-time.After(time.Millisecond)
			m.remember("h:" + strconv.Itoa(i))
		}
		<-time.After(time.Millisecond)
		m.remember("h:0")
		require.Len(t, m.until, maxPlain, "one that is known takes nobody's place")
		m.remember("new:1")
		require.Len(t, m.until, maxPlain)
		require.False(t, m.has("h:1"), "the oldest")
		require.True(t, m.has("h:0"))
		<-time.After(plainFor - time.Nanosecond)
		require.True(t, m.has("NEW:1"))
		<-time.After(time.Nanosecond)
		require.False(t, m.has("new:1"))
	})
}
