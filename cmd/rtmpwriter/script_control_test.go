package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
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
