package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// sameWish is how long after the first signal another one is the same wish to
// end: timeout and shells signal the program and then its whole group.
const sameWish = 300 * time.Millisecond

// errInterrupted is the cause of the context's end at the first signal.
var errInterrupted = errors.New("interrupted")

// interruptible ends the context at the first SIGINT, SIGTERM or SIGHUP, so that
// the command can finish politely; the second wish ends the program at once. A
// reader of the output that goes away (SIGPIPE) does not end a stream.
func interruptible(parent context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	signal.Ignore(syscall.SIGPIPE)
	// The goroutine lives as long as the program.
	go func() {
		awaitWishes(signals, func() { cancel(errInterrupted) })
		fmt.Fprintln(os.Stderr, "rtmpwriter: interrupted again, ending at once")
		os.Exit(exitInterrupted)
	}()
	return ctx
}

// awaitWishes calls politely at the first signal, and returns at the second one
// that is a wish of its own.
func awaitWishes(signals <-chan os.Signal, politely func()) {
	<-signals
	first := time.Now()
	politely()
	for {
		<-signals
		if time.Since(first) >= sameWish {
			return
		}
	}
}
