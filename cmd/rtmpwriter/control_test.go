package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// controlled is a publisher behind a control socket.
func controlled(t *testing.T, script rtmptest.Script) (socket string, server *rtmptest.Server) {
	t.Helper()
	server = rtmptest.NewServer(t, script)
	o := publish.DefaultOptions()
	o.URL = server.URL("live+SECRET")
	p, err := publish.New(o)
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(media.Track{Codec: media.CodecAAC, Framing: media.FramingRaw, Config: []byte{0x11, 0x90}}))
	ended := make(chan error, 1)
	require.NoError(t, p.Connect(t.Context()))
	go func() { ended <- p.Run(context.Background()) }()
	require.NoError(t, p.Write(t.Context(), media.Packet{Data: []byte{0x21, 1}}))
	socket = filepath.Join(t.TempDir(), "s")
	c, err := listenControl(socket)
	require.NoError(t, err)
	c.serve(p)
	t.Cleanup(func() {
		c.close()
		require.NoFileExists(t, socket)
		_ = p.Shutdown(context.Background())
		<-ended
	})
	return socket, server
}

func ask(t *testing.T, conn net.Conn, line string) string {
	t.Helper()
	_, err := fmt.Fprintln(conn, line)
	require.NoError(t, err)
	answer, err := bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(answer)
}

func TestControlCommands(t *testing.T) {
	socket, server := controlled(t, rtmptest.Script{On: map[string]rtmptest.Handler{
		"startRecording": func(s *rtmptest.Session, m rtmptest.Message) {
			s.Send(rtmptest.NewCommand(0, "_result", m.Command().Transaction, nil, amf0.ECMAArray{
				{Name: "path", Value: "SECRET.flv"}, {Name: "since", Value: amf0.Date{Milliseconds: 5}}, {Name: "none", Value: amf0.Undefined{}},
				{Name: "args", Value: amf0.StrictArray(m.Command().Args)},
			}))
		},
		"stopRecording": rtmptest.Refuse("NetConnection.Call.Failed", "SECRET is not recorded"),
	}})
	conn, err := net.Dial("unix", socket)
	require.NoError(t, err)
	defer conn.Close()
	require.JSONEq(t, `{"ok":true,"answer":[null,{"path":"****.flv","since":5,"none":null,"args":[{"format":2},"x"]}]}`,
		ask(t, conn, `{"command":"startRecording","object":{"format":2},"args":["x"]}`))
	require.Equal(t, `{"ok":false,"error":"call `+server.Addr+`: the server refused: NetConnection.Call.Failed: **** is not recorded"}`,
		ask(t, conn, `{"command":"stopRecording"}`))
	require.Contains(t, ask(t, conn, `{"command":"publish"}`), `the session's own command`)
	require.Contains(t, ask(t, conn, `{"status":true}`), `{"ok":true,"status":"connected","status_number":0,"url":"rtmp://`)
	require.Contains(t, ask(t, conn, `{"stats":true}`), `{"ok":true,"stats":{"output_buffer_size":262144,`)
	require.Equal(t, `{"ok":true}`, ask(t, conn, `{"data":"onTextData","value":{"text":"hi"},"stored":true}`))
	first := server.Session()
	m := first.Wait(func(m rtmptest.Message) bool { return m.Type == 18 && strings.Contains(string(m.Body), "onTextData") })
	require.Equal(t, []any{"onTextData", amf0.Object{{Name: "text", Value: "hi"}}}, m.Command().Args)
	require.Equal(t, `{"ok":true}`, ask(t, conn, `{"reconnect":true}`))
	server.Session().WaitCommand("publish")
	<-first.Ended()
	require.Contains(t, ask(t, conn, `{"data":"@x","value":{}}`), `data message \"@x\" refused`)
}

func TestControlBounds(t *testing.T) {
	socket, _ := controlled(t, rtmptest.Script{})
	if runtime.GOOS != "windows" { // its folders' rules hold there
		info, err := os.Stat(socket)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}

	var conns []net.Conn
	for range maxControlConns {
		conn, err := net.Dial("unix", socket)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		require.Contains(t, ask(t, conn, `{"status":true}`), `"ok":true`)
		conns = append(conns, conn)
	}
	ninth, err := net.Dial("unix", socket)
	require.NoError(t, err)
	const full = `{"ok":false,"error":"8 connections are open already, and no more are served: close one first"}`
	answer, err := bufio.NewReader(ninth).ReadString('\n')
	require.NoError(t, err)
	require.JSONEq(t, full, answer)
	// What it writes all the same breaks nothing.
	_, err = fmt.Fprintln(ninth, `{"status":true}`)
	require.NoError(t, err)
	require.NoError(t, ninth.Close())
	for range 5 { // who writes first reads why too
		late, err := net.Dial("unix", socket)
		require.NoError(t, err)
		require.JSONEq(t, full, ask(t, late, `{"status":true}`))
		require.NoError(t, late.Close())
	}

	require.Contains(t, ask(t, conns[0], `{"data":"onX","value":{"a":"`+strings.Repeat("x", maxControlLine-31)+`"}}`), `"ok":`)
	require.JSONEq(t, `{"ok":false,"error":"the line is longer than 65536 bytes"}`, ask(t, conns[1], strings.Repeat(" ", 10*maxControlLine)))

	// Empty lines have no answer; the last line needs no end.
	_, err = fmt.Fprint(conns[2], "\n\r\n{\"status\":true}")
	require.NoError(t, err)
	require.NoError(t, conns[2].(*net.UnixConn).CloseWrite())
	answer, err = bufio.NewReader(conns[2]).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, answer, `"ok":true`)

	var wait sync.WaitGroup
	for _, conn := range conns[3:] {
		wait.Go(func() {
			for range 50 {
				fmt.Fprintln(conn, `{"stats":true}`)
			}
			lines := bufio.NewScanner(conn)
			for range 50 {
				if !lines.Scan() || !strings.HasPrefix(lines.Text(), `{"ok":true`) {
					t.Errorf("%q %v", lines.Text(), lines.Err())
				}
			}
		})
	}
	wait.Wait()
}

func TestControlSocketInTheWay(t *testing.T) {
	folder := t.TempDir()
	socket := filepath.Join(folder, "s")

	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	require.NoError(t, err)
	dead.SetUnlinkOnClose(false)
	require.NoError(t, dead.Close())
	c, err := listenControl(socket)
	require.NoError(t, err, "a dead program's socket is replaced")

	refused := func(path, reason string) {
		t.Helper()
		_, err := listenControl(path)
		var usage *usageError
		require.ErrorAs(t, err, &usage)
		require.ErrorContains(t, err, "--control "+path+": ")
		require.ErrorContains(t, err, reason)
	}
	refused(socket, "another program listens there")
	c.close()
	require.NoFileExists(t, socket)

	require.NoError(t, os.WriteFile(socket, []byte("precious"), 0o600))
	refused(socket, "no socket")
	require.FileExists(t, socket)
	refused(filepath.Join(folder, "none", "s"), "does not exist: make it first")
	refused(filepath.Join(socket, "s"), "is no folder")
	refused(filepath.Join(folder, strings.Repeat("x", 120)), "paths of some 100 bytes")
}
