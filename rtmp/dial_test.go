package rtmp

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/rtmptest"
)

func TestDialSendsTheSequenceOfFMLE(t *testing.T) {
	server := rtmptest.NewServer(t, rtmptest.Script{StreamID: 7})
	_, session := start(t, server, Config{PublishMode: PublishAppend, ChunkSize: 4096, WindowAckSize: 100000, ClientAgent: "agent"})

	publish := session.WaitCommand("publish")
	got := session.Messages()
	require.Equal(t, rtmptest.SetChunkSize(4096).Body, got[0].Body)
	require.EqualValues(t, 1, got[0].Type)
	require.Equal(t, rtmptest.WindowAckSize(100000).Body, got[1].Body)
	require.EqualValues(t, 5, got[1].Type)
	require.EqualValues(t, 2, got[1].CSID)

	tcURL := "rtmp://" + server.Addr + "/live"
	require.Equal(t, rtmptest.Command{Name: "connect", Transaction: 1, Args: []any{amf0.Object{
		{Name: "app", Value: "live"}, {Name: "type", Value: "nonprivate"}, {Name: "flashVer", Value: "agent"},
		{Name: "swfUrl", Value: tcURL}, {Name: "tcUrl", Value: tcURL},
	}}}, got[2].Command())
	require.Equal(t, rtmptest.Command{Name: "releaseStream", Transaction: 2, Args: []any{nil, sesame}}, got[3].Command())
	require.Equal(t, rtmptest.Command{Name: "FCPublish", Transaction: 3, Args: []any{nil, sesame}}, got[4].Command())
	require.Equal(t, rtmptest.Command{Name: "createStream", Transaction: 4, Args: []any{nil}}, got[5].Command())
	require.Equal(t, rtmptest.Command{Name: "publish", Transaction: 5, Args: []any{nil, sesame, "append"}}, publish.Command())
	for _, m := range got[2:6] {
		require.EqualValues(t, 3, m.CSID)
		require.Zero(t, m.StreamID)
	}
	require.EqualValues(t, 7, publish.StreamID, "the message stream that createStream answered with")
	require.EqualValues(t, 4, publish.CSID)
}

func TestDialCopesWithHowServersSend(t *testing.T) {
	noise := []rtmptest.Message{
		rtmptest.NewCommand(0, "onBWDone", 0, nil), rtmptest.WindowAckSize(1), rtmptest.SetPeerBandwidth(5000000),
		{CSID: 2, Type: 4, Body: []byte{0, 0, 0, 0, 0, 1}}, // StreamBegin
		{CSID: 2, Type: 4, Body: []byte{0}},                // cut off
		{CSID: 2, Type: 3, Body: []byte{1}},
		{CSID: 9, Type: 22, Body: []byte("aggregate")},
		{CSID: 9, Type: 99, Body: []byte("unknown")},
		{CSID: 3, Type: 20, Body: []byte{0xff}},
		{CSID: 3, Type: 20, Body: []byte{5}},
		{CSID: 3, Type: 20},
		{CSID: 3, Type: 17, Body: append([]byte{0}, rtmptest.NewCommand(0, "onFCPublish", 0, nil).Body...)},
		rtmptest.NewCommand(0, "onStatus", 0, nil, amf0.Object{{Name: "code", Value: "NetStream.Something"}}),
		rtmptest.NewCommand(0, "_result", 99, nil),
	}
	say := rtmptest.Say(noise...)
	noisy := func(s *rtmptest.Session, m rtmptest.Message) {
		say(s, m)
		rtmptest.Default()(s, m)
		say(s, m)
	}
	ignoredFailure := rtmptest.Refuse("NetStream.Publish.BadName", "no")
	for name, script := range map[string]rtmptest.Script{
		"noise around every answer": {On: map[string]rtmptest.Handler{"connect": noisy, "createStream": noisy, "publish": noisy}},
		"one byte at a time":        {WriteSize: 1},
		"chunks of one byte":        {ChunkSize: 1},
		"large chunks":              {ChunkSize: 1 << 20},
		"slow":                      {ReadRate: 100000},
		"silence where FMLE asks":   {On: map[string]rtmptest.Handler{"releaseStream": rtmptest.Silent(), "FCPublish": rtmptest.Silent()}},
		"failure where FMLE asks":   {On: map[string]rtmptest.Handler{"releaseStream": ignoredFailure, "FCPublish": ignoredFailure}},
		"answers late":              {On: map[string]rtmptest.Handler{"FCPublish": rtmptest.Silent(), "createStream": rtmptest.Then(rtmptest.Default(), lateFCPublish)}},
		"result for publish":        {On: map[string]rtmptest.Handler{"publish": result}},
		"status in lower case":      {On: map[string]rtmptest.Handler{"publish": rtmptest.Say(rtmptest.OnStatus(1, "", "netstream.publish.start", ""))}},
	} {
		t.Run(name, func(t *testing.T) {
			c, session := start(t, rtmptest.NewServer(t, script), Config{})
			require.NoError(t, c.Append(video(0, 70000)))
			require.NoError(t, c.Flush())
			require.Equal(t, 70005, session.Wait(isMedia).Size)
			require.NoError(t, c.Err())
		})
	}
}

func lateFCPublish(s *rtmptest.Session, _ rtmptest.Message) {
	s.Send(rtmptest.NewCommand(0, "_error", 3, nil, nil))
}

func result(s *rtmptest.Session, m rtmptest.Message) {
	s.Send(rtmptest.NewCommand(0, "_result", m.Command().Transaction, nil))
}

func TestDialAppliesDefaults(t *testing.T) {
	cfg, err := Config{}.withDefaults()
	require.NoError(t, err)
	require.Equal(t, 65536, cfg.ChunkSize)
	require.EqualValues(t, 250000, cfg.WindowAckSize)
	require.Equal(t, "FMLE/3.0 (compatible; FMSc/1.0)", cfg.ClientAgent)
	require.Equal(t, "live", cfg.PublishMode.String())
	require.Equal(t, "record", PublishRecord.String())
}

func TestDialRefusesBadConfig(t *testing.T) {
	u, err := ParseURL("rtmp://127.0.0.1:1/a+k", "+")
	require.NoError(t, err)
	for want, cfg := range map[string]Config{
		"chunk size":    {ChunkSize: 127},
		"must be 128":   {ChunkSize: 1<<20 + 1},
		"timeout":       {SendTimeout: -1},
		"socket buffer": {SocketBuffer: -1},
		"publish mode":  {PublishMode: 3},
		"client agent":  {ClientAgent: strings.Repeat("x", 1025)},
	} {
		_, err := Dial(context.Background(), u, cfg)
		require.ErrorContains(t, err, want)
		require.False(t, Retryable(err))
	}
	app, err := ParseAppURL("rtmp://127.0.0.1:1/a")
	require.NoError(t, err)
	_, err = Dial(context.Background(), app, Config{})
	require.ErrorContains(t, err, "stream key is missing")
}

func TestDialTellsWhatCannotBeReached(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	require.NoError(t, listener.Close())
	u, err := ParseURL("rtmp://127.0.0.1:"+strconv.Itoa(port)+"/live/k", "+")
	require.NoError(t, err)
	_, err = Dial(context.Background(), u, Config{})
	require.EqualError(t, err, "dial "+u.Addr()+": connect: connection refused (does a server listen on this port?)")
	require.True(t, Retryable(err))

	u.Host = "nobody.example.com"
	resolver := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: u.Host, IsNotFound: true}}
	}
	_, err = Dial(context.Background(), u, Config{Dial: resolver})
	var op *OpError
	require.ErrorAs(t, err, &op)
	require.Equal(t, "resolve", op.Op)
	require.True(t, Retryable(err))
}
