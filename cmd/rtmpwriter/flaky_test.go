package main

import (
	"io"
	"net"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// flaky DURATION NAME puts a door before the receiver, which resets its first
// connection after that time, and puts its host and port into $NAME.
func flaky(ts *testscript.TestScript, _ bool, args []string) {
	after, err := time.ParseDuration(args[0])
	ts.Check(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[1], l.Addr().String())
	receiver := ts.Getenv("RTMP") // here: the script may change its environment
	done := make(chan struct{})
	go func() { // ends with the listener
		defer close(done)
		for first := true; ; first = false {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", receiver)
			if err != nil {
				_ = client.Close()
				return
			}
			go relay(client, server)
			go relay(server, client)
			if first {
				time.AfterFunc(after, func() {
					_ = client.(*net.TCPConn).SetLinger(0)
					_ = client.Close()
					_ = server.Close()
				})
			}
		}
	}()
	ts.Defer(func() {
		_ = l.Close()
		<-done
	})
}

// relay ends with either of its connections.
func relay(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.(*net.TCPConn).CloseWrite()
}
