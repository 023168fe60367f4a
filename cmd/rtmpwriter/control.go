package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"rtmpwriter/amf0"
	"rtmpwriter/publish"
)

const (
	// maxControlLine bounds one line; what it holds must fit one message anyway.
	maxControlLine = amf0.MaxJSONSize
	// maxControlConns bounds the programs that are connected at a time.
	maxControlConns = 8
	// controlWrite bounds the wait for a program that does not read its answers.
	controlWrite = 5 * time.Second
	// controlGoodbye is how long a connection that is not served may still write.
	controlGoodbye = 500 * time.Millisecond
	// staleLook is how long a program behind an old socket has to answer.
	staleLook = time.Second
	// acceptAgain is the pause after a connection that the system refused.
	acceptAgain = time.Second
)

// controlHelp is the manual's word on the control socket.
const controlHelp = `With --control PATH, publish takes commands while it runs: JSON lines on the
Unix socket PATH, which only this user can open. Each is answered by one line,
{"ok":true,...} or {"ok":false,"error":"..."}.

  {"data":"onCuePoint","value":{"name":"ad","type":"event"},"stored":false}
  {"command":"startRecording","object":{},"args":["clip"]}
  {"reconnect":true}
  {"stats":true}
  {"status":true}

It serves 8 connections at a time and takes lines of up to 64 KiB. The lines of a
connection are answered in their order: a command waits up to 10 seconds for the
server's answer, and the lines behind it wait with it.`

// control is the control socket of a publish.
type control struct {
	listener net.Listener
	mu       sync.Mutex
	conns    map[net.Conn]struct{}
	leaving  int // connections that were turned away and may still write
	closed   bool
	serving  sync.WaitGroup // the accept loop and one goroutine a connection; close joins them
	stop     context.CancelFunc
}

// listenControl makes the socket. A socket that a dead program left is replaced;
// one that is in use, and whatever else stands there, is a *usageError.
func listenControl(path string) (*control, error) {
	fail := func(err error) (*control, error) {
		return nil, &usageError{fmt.Errorf("--control %s: %w", path, err)}
	}
	folder, err := os.Stat(filepath.Dir(path))
	switch {
	case err != nil && os.IsNotExist(err):
		return fail(fmt.Errorf("the folder %s does not exist: make it first", filepath.Dir(path)))
	case err != nil:
		return fail(errors.Unwrap(err))
	case !folder.IsDir():
		return fail(fmt.Errorf("%s is no folder", filepath.Dir(path)))
	}
	if err := clearSocket(path); err != nil {
		return fail(err)
	}
	l, err := listenPrivate(path)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err
		}
		return fail(fmt.Errorf("no socket can be made there (systems allow paths of some 100 bytes; this has %d): %w", len(path), err))
	}
	return &control{listener: l, conns: map[net.Conn]struct{}{}}, nil
}

// clearSocket removes a socket that nobody listens on.
func clearSocket(path string) error {
	info, err := os.Lstat(path)
	switch {
	case os.IsNotExist(err):
		return nil
	case err != nil:
		return errors.Unwrap(err)
	case info.Mode()&os.ModeSocket == 0:
		return errors.New("there is something that is no socket: give another path")
	}
	look, cancel := context.WithTimeout(context.Background(), staleLook)
	defer cancel()
	if conn, err := new(net.Dialer).DialContext(look, "unix", path); err == nil {
		_ = conn.Close()
		return errors.New("another program listens there: give another path")
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("an old socket is there and cannot be removed: %w", errors.Unwrap(err))
	}
	return nil
}

// serve answers lines for p until close.
func (c *control) serve(p *publish.Publisher) {
	ctx, stop := context.WithCancel(context.Background())
	c.stop = stop
	c.serving.Go(func() {
		for {
			conn, err := c.listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil { // such as too many open files: it may pass
				select {
				case <-time.After(acceptAgain):
					continue
				case <-ctx.Done():
					return
				}
			}
			if why := c.admit(conn); why != "" {
				c.turnAway(conn, why)
				continue
			}
			c.serving.Go(func() {
				answerLines(ctx, p, conn)
				c.dismiss(conn)
			})
		}
	})
}

// turnAway tells why a connection is not served. Closed at once, it would break
// while the other side writes its first line, which then may not read why; so it
// stays for a moment, and what comes is thrown away.
func (c *control) turnAway(conn net.Conn, why string) {
	reply(conn, controlAnswer{Error: why})
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.leaving >= maxControlConns {
		_ = conn.Close()
		return
	}
	c.leaving++
	c.serving.Go(func() { // ends by goodbye's deadline
		goodbye(conn)
		_ = conn.Close()
		c.mu.Lock()
		c.leaving--
		c.mu.Unlock()
	})
}

// goodbye takes what the other side still writes, so that it reads the last
// answer and meets no broken pipe, for a moment.
func goodbye(conn net.Conn) {
	_ = conn.SetReadDeadline(time.Now().Add(controlGoodbye))
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_, _ = io.Copy(io.Discard, conn)
}

// admit takes up a connection, or tells why not.
func (c *control) admit(conn net.Conn) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return "publishing has ended"
	case len(c.conns) >= maxControlConns:
		return fmt.Sprintf("%d connections are open already, and no more are served: close one first", maxControlConns)
	}
	c.conns[conn] = struct{}{}
	return ""
}

func (c *control) dismiss(conn net.Conn) {
	c.mu.Lock()
	delete(c.conns, conn)
	c.mu.Unlock()
	_ = conn.Close()
}

// close removes the socket and ends the connections.
func (c *control) close() {
	_ = c.listener.Close() // removes the file too
	c.mu.Lock()
	c.closed = true
	for conn := range c.conns {
		_ = conn.Close()
	}
	c.mu.Unlock()
	if c.stop != nil {
		c.stop()
	}
	c.serving.Wait()
}

// answerLines answers a connection's lines until it ends.
func answerLines(ctx context.Context, p *publish.Publisher, conn net.Conn) {
	lines := bufio.NewReaderSize(conn, maxControlLine+1) // and the line's end
	for {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			reply(conn, controlAnswer{Error: fmt.Sprintf("the line is longer than %d bytes", maxControlLine)})
			goodbye(conn)
			return
		}
		if text := bytes.TrimSpace(line); len(text) > 0 { // the last may lack its end
			if !reply(conn, answerLine(ctx, p, bytes.TrimRight(line, "\r\n"))) {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// reply writes an answer, and tells whether it went.
func reply(conn net.Conn, a controlAnswer) bool {
	_ = conn.SetWriteDeadline(time.Now().Add(controlWrite))
	_, err := conn.Write(a.encode())
	return err == nil
}
