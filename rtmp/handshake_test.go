package rtmp

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

// The server checks the digests of C1 and C2 with its own code, and fails the
// test when C2 is wrong.
func TestDigestHandshake(t *testing.T) {
	for name, c := range map[string]struct {
		mode        HandshakeMode
		digest      bool // the server insists on it
		schema      int
		connections int
		version     []byte // in the last C1
	}{
		"auto, any server":                         {HandshakeAuto, false, 0, 1, []byte{0, 0, 0, 0}},
		"auto, a server that insists on digests":   {HandshakeAuto, true, 0, 2, []byte{9, 0, 124, 2}},
		"auto, likewise, with its own elsewhere":   {HandshakeAuto, true, 1, 2, []byte{9, 0, 124, 2}},
		"digest, a server that insists on digests": {HandshakeDigest, true, 1, 1, []byte{9, 0, 124, 2}},
		"digest, a server that knows none":         {HandshakeDigest, false, 0, 1, []byte{9, 0, 124, 2}},
		"simple":                                   {HandshakeSimple, false, 0, 1, []byte{0, 0, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			script, connections := counted(rtmptest.Default())
			script.Digest, script.DigestSchema = c.digest, c.schema
			server := rtmptest.NewServer(t, script)
			conn, session := start(t, server, Config{Handshake: c.mode})
			for range c.connections - 1 {
				session = server.Session()
			}
			require.EqualValues(t, c.connections, connections.Load())
			require.Equal(t, c.version, session.Handshake()[4:8])
			require.NoError(t, conn.Append(video(0, 100)))
			require.NoError(t, conn.Flush())
			session.Wait(isMedia)
		})
	}
}

// Authentication goes on with the handshake that worked.
func TestDigestHandshakeAndLogin(t *testing.T) {
	script, connections := counted(rtmptest.Login{User: loginUser, Password: loginPassword}.Handler())
	script.Digest = true
	_, err := loggedIn(t, rtmptest.NewServer(t, script), "live+"+sesame, Config{Auth: AuthOn, Username: loginUser, Password: loginPassword})
	require.NoError(t, err)
	require.EqualValues(t, 4, connections.Load())
}

// A simple handshake that is refused is not repeated as a digest where only
// the simple one is wanted, nor are servers that are none.
func TestHandshakeIsNotRepeatedInVain(t *testing.T) {
	script, connections := counted(rtmptest.Default())
	script.Digest = true
	err := refused(t, rtmptest.NewPipeServer(t, script), Config{Handshake: HandshakeSimple})
	require.Equal(t, "handshake", err.Op)
	require.EqualValues(t, 1, connections.Load())

	script, connections = counted(rtmptest.Default())
	count := script.On["accept"]
	script.On["accept"] = rtmptest.Then(count, func(s *rtmptest.Session, _ rtmptest.Message) { s.SendBytes([]byte("HTTP/1.1 400\r\n")) })
	err = refused(t, rtmptest.NewPipeServer(t, script), Config{})
	require.ErrorContains(t, err, "not an RTMP server")
	require.EqualValues(t, 1, connections.Load())
}

func TestBothHandshakesRefused(t *testing.T) {
	script, connections := counted(rtmptest.Default())
	script.On["accept"] = rtmptest.Then(script.On["accept"], rtmptest.Hangup())
	err := refused(t, rtmptest.NewPipeServer(t, script), Config{})
	require.ErrorContains(t, err, "the connection without a word")
	require.Equal(t, "handshake", err.Op)
	require.EqualValues(t, 2, connections.Load())
	require.True(t, Retryable(err))
}
