package network

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// attemptDelay is how long an attempt has before the next one begins beside it
// (RFC 8305, section 5, Connection Attempt Delay).
const attemptDelay = 250 * time.Millisecond

// Connect opens a connection to an address. It must return when ctx ends.
type Connect func(ctx context.Context, addr netip.AddrPort) (net.Conn, error)

// Race connects to the first address that answers. The attempts begin in the
// order given: each attemptDelay after the one before, or at once when one has
// failed. The losers are cancelled, closed and waited for. When none answers
// the error tells of every address: that of the only one, or a *RaceError.
func Race(ctx context.Context, addrs []netip.AddrPort, connect Connect) (net.Conn, netip.AddrPort, error) {
	attempts, cancel := context.WithCancel(ctx)
	r := race{addrs: addrs, connect: connect, results: make(chan result), errs: make([]error, len(addrs))}
	winner := r.run(attempts)
	cancel()
	r.abandon()
	switch {
	case winner.err == nil:
		return winner.conn, addrs[winner.index], nil
	case len(addrs) == 1 && ctx.Err() == nil:
		return nil, netip.AddrPort{}, r.errs[0]
	default:
		return nil, netip.AddrPort{}, &RaceError{Addrs: addrs[:r.begun], Untried: len(addrs) - r.begun, Errs: r.errs, Cause: context.Cause(ctx)}
	}
}

// race is one Race. Its goroutines, one an attempt, end with their context and
// hand their result to run or abandon: both together take one from each.
type race struct {
	addrs   []netip.AddrPort
	connect Connect
	results chan result
	errs    []error // by address; nil: it did not answer
	begun   int
	ended   int
}

type result struct {
	index int
	conn  net.Conn
	err   error
}

// run returns the first success, or the last failure.
func (r *race) run(ctx context.Context) result {
	delay := time.NewTimer(attemptDelay)
	defer delay.Stop()
	r.begin(ctx)
	for {
		select {
		case got := <-r.results:
			r.ended++
			if !Ended(ctx) {
				r.errs[got.index] = got.err
			}
			if got.err == nil || r.ended == len(r.addrs) {
				return got
			}
		case <-delay.C:
		case <-ctx.Done():
			return result{err: ctx.Err()}
		}
		r.begin(ctx)
		delay.Reset(attemptDelay)
	}
}

// Ended tells whether ctx has ended. The system keeps the same deadline with a
// clock of its own, and its timeout may come just before ctx ends: that is
// waited for, so that one situation has one error.
func Ended(ctx context.Context) bool {
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		<-ctx.Done()
	}
	return ctx.Err() != nil
}

var errFault = errors.New("an internal fault")

// begin starts the next attempt, if one is left.
func (r *race) begin(ctx context.Context) {
	if r.begun == len(r.addrs) || ctx.Err() != nil {
		return
	}
	index := r.begun
	r.begun++
	go func() {
		end := result{index: index, err: errFault}
		defer func() {
			_ = recover() // the program around us goes on; errFault tells
			r.results <- end
		}()
		end.conn, end.err = r.connect(ctx, r.addrs[index])
	}()
}

// abandon waits for the attempts that are left, whose context has ended.
func (r *race) abandon() {
	for ; r.ended < r.begun; r.ended++ {
		if late := <-r.results; late.err == nil {
			_ = late.conn.Close()
		}
	}
}

// maxTold is how many addresses an error tells of.
const maxTold = 8

// RaceError tells why no address could be connected to.
type RaceError struct {
	// Addrs are the addresses that were tried, Untried is how many more there
	// were.
	Addrs   []netip.AddrPort
	Untried int
	// Errs has the reason for each address; nil: there was no answer.
	Errs []error
	// Cause is why the race ended before all had failed; nil when they had.
	Cause error
}

// Error lists the addresses, eight at most.
func (e *RaceError) Error() string {
	var b strings.Builder
	if e.Cause != nil {
		b.WriteString(e.Cause.Error() + ": ")
	}
	for i, addr := range e.Addrs[:min(len(e.Addrs), maxTold)] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(addr.String() + ": " + reasonText(e.Errs[i]))
	}
	if more := len(e.Addrs) - maxTold; more > 0 {
		fmt.Fprintf(&b, " and %d more", more)
	}
	if e.Untried > 0 {
		fmt.Fprintf(&b, "; %d not tried yet", e.Untried)
	}
	return b.String()
}

// Unwrap returns the causes.
func (e *RaceError) Unwrap() []error {
	var causes []error
	for _, err := range append([]error{e.Cause}, e.Errs...) {
		if err != nil {
			causes = append(causes, err)
		}
	}
	return causes
}

// reasonText leaves out what net.OpError says of the address.
func reasonText(err error) string {
	if err == nil {
		return "no answer"
	}
	if op, ok := err.(*net.OpError); ok && op.Err != nil { //nolint:errorlint // only what is outermost is left out
		err = op.Err
	}
	return err.Error()
}
