package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// controlLines SOCKET LINE PATTERN [LINE PATTERN]... sends lines on one connection
// and matches each answer. It waits for the socket to be there.
func controlLines(ts *testscript.TestScript, _ bool, args []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	conn, err := dialSocket(ctx, ts.MkAbs(args[0]))
	ts.Check(err)
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for i := 1; i < len(args); i += 2 {
		fmt.Fprintln(conn, args[i])
		answer, err := answers.ReadString('\n')
		ts.Check(err)
		if !regexp.MustCompile(args[i+1]).MatchString(answer) {
			ts.Fatalf("%s was answered by %s, which does not match %s", args[i], answer, args[i+1])
		}
		if strings.Contains(answer, "SECRET") {
			ts.Fatalf("the answer shows the key: %s", answer)
		}
	}
}

// dialSocket connects as soon as somebody listens.
func dialSocket(ctx context.Context, path string) (net.Conn, error) {
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := net.Dial("unix", path)
		if err == nil {
			return conn, nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil, err
		}
	}
}

// arrivedData TEXT... checks the data messages that the receiver got, in their
// order.
func arrivedData(ts *testscript.TestScript, _ bool, args []string) {
	timeout := time.NewTimer(20 * time.Second)
	defer timeout.Stop()
	for _, want := range args {
		select {
		case got := <-ts.Value("server").(*server).data:
			if got != want {
				ts.Fatalf("the data message %s arrived, want %s", got, want)
			}
		case <-timeout.C:
			ts.Fatalf("the data message %s did not arrive", want)
		}
	}
}

func TestParseControlLine(t *testing.T) {
	for line, want := range map[string]controlRequest{
		`{"data":"onX","value":{"b":1,"a":{"c":[]}},"stored":true}`: {verb: "data", data: publish.Data{
			Handler: "onX", Stored: true, Value: amf0.Object{{Name: "b", Value: 1.0}, {Name: "a", Value: amf0.Object{{Name: "c", Value: amf0.StrictArray{}}}}},
		}},
		`{"command":"x"}`: {verb: "command", name: "x"},
		`{"args":[1,null],"command":"x","object":{}}`: {verb: "command", name: "x", object: amf0.Object{}, args: amf0.StrictArray{1.0, nil}},
		`{"command":"x","object":null}`:               {verb: "command", name: "x"},
		` {"reconnect": true} `:                       {verb: "reconnect"},
		`{"stats":true}`:                              {verb: "stats"},
		`{"status":true}`:                             {verb: "status"},
	} {
		got, err := parseControlLine([]byte(line))
		require.NoError(t, err, line)
		require.Equal(t, want, got, line)
	}
	for line, reason := range map[string]string{
		`hello`:                                 `'h' where a value is expected`,
		`{"status":true`:                        `JSON at line 1 column 15: it ends`,
		`[]`:                                    `a line is a JSON object, as {"status":true}, at line 1 column 1`,
		`{}`:                                    `nothing is asked for: give one of data, command, reconnect, stats, status, at line 1 column 1`,
		`{"stat":true}`:                         `unknown key "stat": a line asks for one of data, command, reconnect, stats, status, at line 1 column 2`,
		`{"status":true, "ä":1,"x":1}`:          `unknown key "ä": "status" goes with status, at line 1 column 17`,
		`{"data":"onX","valve":{}}`:             `unknown key "valve": "data" goes with data, stored, value, at line 1 column 15`,
		`{"stats":true,"status":true}`:          `"stats" and "status" in one line: send a line for each, at line 1 column 15`,
		`{"status":1}`:                          `"status" must be true, at line 1 column 2`,
		`{"reconnect":false}`:                   `"reconnect" must be true, at line 1 column 2`,
		`{"data":1,"value":{}}`:                 `"data" must be the handler's name, at line 1 column 2`,
		`{"data":"onX"}`:                        `"value" is missing: a JSON object, at line 1 column 1`,
		`{"data":"onX","value":[]}`:             `"value" must be an object, at line 1 column 15`,
		`{"data":"a","value":{},"stored":1}`:    `"stored" must be true or false, at line 1 column 24`,
		`{"command":"x","args":{}}`:             `"args" must be an array, at line 1 column 16`,
		`{"data":"onX","value":{"a":{"b":{}}}}`: `JSON at line 1 column 33: objects nest at most 3 deep (in .value.a.b)`,
	} {
		_, err := parseControlLine([]byte(line))
		require.ErrorContains(t, err, reason, line)
	}
}

// FuzzParseControlLine checks that any line is taken or refused with its place.
func FuzzParseControlLine(f *testing.F) {
	for _, line := range []string{`{"data":"onX","value":{"a":{}}}`, `{"command":"x","args":[1]}`, `{"status":true,"x":1}`, `{"a\u0000":1}`, `{`} {
		f.Add([]byte(line))
	}
	place := regexp.MustCompile(`at line \d+ column \d+`)
	f.Fuzz(func(t *testing.T, line []byte) {
		if q, err := parseControlLine(line); err != nil {
			require.Regexp(t, place, err.Error())
		} else {
			require.NotEmpty(t, q.verb)
		}
	})
}

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
	// A test's own folder may have a path too long for a socket.
	folder, err := os.MkdirTemp("", "ctl")
	require.NoError(t, err)
	socket = filepath.Join(folder, "s")
	c, err := listenControl(socket)
	require.NoError(t, err)
	c.serve(p)
	t.Cleanup(func() {
		c.close()
		require.NoFileExists(t, socket)
		require.NoError(t, os.RemoveAll(folder))
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
	require.Equal(t, `{"ok":true,"answer":[null,{"path":"****.flv","since":5,"none":null,"args":[{"format":2},"x"]}]}`,
		ask(t, conn, `{"command":"startRecording","object":{"format":2},"args":["x"]}`))
	require.Equal(t, `{"ok":false,"error":"call `+server.Addr+`: the server refused: NetConnection.Call.Failed: **** is not recorded"}`,
		ask(t, conn, `{"command":"stopRecording"}`))
	require.Contains(t, ask(t, conn, `{"command":"publish"}`), `the session's own command`)
	require.Contains(t, ask(t, conn, `{"status":true}`), `{"ok":true,"status":"connected","status_number":0,"url":"rtmp://`)
	require.Contains(t, ask(t, conn, `{"stats":true}`), `{"ok":true,"stats":{"output_buffer_size":262144,`)
	require.Equal(t, `{"ok":true}`, ask(t, conn, `{"data":"onTextData","value":{"text":"hi"},"stored":true}`))
	m := server.Session().Wait(func(m rtmptest.Message) bool { return m.Type == 18 && strings.Contains(string(m.Body), "onTextData") })
	require.Equal(t, []any{"onTextData", amf0.Object{{Name: "text", Value: "hi"}}}, m.Command().Args)
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
		defer conn.Close()
		require.Contains(t, ask(t, conn, `{"status":true}`), `"ok":true`)
		conns = append(conns, conn)
	}
	ninth, err := net.Dial("unix", socket)
	require.NoError(t, err)
	answer, err := bufio.NewReader(ninth).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, `{"ok":false,"error":"8 programs are connected already"}`+"\n", answer)
	require.NoError(t, ninth.Close())

	require.Contains(t, ask(t, conns[0], `{"data":"onX","value":{"a":"`+strings.Repeat("x", maxControlLine-31)+`"}}`), `"ok":`)
	require.Equal(t, `{"ok":false,"error":"the line is longer than 65536 bytes"}`, ask(t, conns[1], strings.Repeat(" ", maxControlLine+1)))

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
	folder, err := os.MkdirTemp("", "ctl")
	require.NoError(t, err)
	defer os.RemoveAll(folder)
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
