package rtmp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/chunk"
)

const (
	// opCall is a command of the caller's, as OpError.Op names it.
	opCall = "call"
	// CallTimeout is how long Call waits for an answer at most. Many servers give
	// none to commands that they do not know.
	CallTimeout = 10 * time.Second
	// txnFirstCall is the first transaction ID of the caller's commands, well
	// behind those of the session's own.
	txnFirstCall = 1000
	// maxCalls bounds the commands that wait for an answer at a time.
	maxCalls = 64
	// maxCallSize bounds a command: more than any server takes.
	maxCallSize = 64 << 10
)

// ErrTooManyCalls refuses a command while 64 wait for their answers.
var ErrTooManyCalls = errors.New("too many commands wait for the server's answer")

// sessionCommands are those that the session itself gives: a second one of them
// would break it, or take its answers for another's.
var sessionCommands = []string{
	"connect", "close", "createStream", "deleteStream", "closeStream", "releaseStream", "FCPublish", "FCUnpublish",
	"publish", "play", "play2", "_result", "_error", "onStatus", "_checkbw",
}

// calls are the commands that wait for an answer, by their transaction.
type calls struct {
	mu      sync.Mutex
	last    float64
	waiting map[float64]chan command
}

// add makes a place for an answer.
func (s *calls) add() (transaction float64, reply chan command, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) >= maxCalls {
		return 0, nil, ErrTooManyCalls
	}
	if s.waiting == nil {
		s.waiting, s.last = map[float64]chan command{}, txnFirstCall-1
	}
	s.last++
	reply = make(chan command, 1)
	s.waiting[s.last] = reply
	return s.last, reply, nil
}

func (s *calls) remove(transaction float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.waiting, transaction)
}

// deliver hands an answer to the call that waits for it, and tells whether one
// does.
func (s *calls) deliver(cmd command) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply := s.waiting[cmd.transaction]
	if reply == nil {
		return false
	}
	delete(s.waiting, cmd.transaction)
	reply <- cmd
	return true
}

// Call gives the server a command (RTMP 1.0, section 7.2.1.2), for example
// startRecording with the object that Wowza wants, and returns what it answers:
// the values behind the transaction ID, the command object first, of the types of
// package amf0. A nil object is sent as null. Secrets in the answer are masked.
//
// It waits for the answer until ctx ends, CallTimeout is over or the session has
// ended. Any goroutine may call it, but not OnStatus. A command that the session
// gives itself, such as publish, is refused, and so is one of more than 64 KiB.
// The error is an *OpError, of which the server's no is a *StatusError, or
// ErrTooManyCalls.
func (c *Conn) Call(ctx context.Context, name string, object amf0.Object, args ...any) ([]any, error) {
	if err := callable(name); err != nil {
		return nil, c.callError(err)
	}
	transaction, reply, err := c.calls.add()
	if err != nil {
		return nil, err
	}
	defer c.calls.remove(transaction)
	request, err := c.request(name, transaction, object, args)
	if err != nil {
		return nil, c.callError(err)
	}
	late := &timeoutError{"no answer to " + name, CallTimeout, "it may not know the command"}
	ctx, cancel := context.WithTimeoutCause(ctx, CallTimeout, late)
	defer cancel()
	if err := c.sendCall(ctx, request); err != nil {
		return nil, c.callError(err)
	}
	select {
	case answer := <-reply:
		return c.answered(answer)
	case <-ctx.Done():
		return nil, c.callError(context.Cause(ctx))
	case <-c.done:
		select { // the answer may have been the last word
		case answer := <-reply:
			return c.answered(answer)
		default:
			return nil, c.callError(c.Err())
		}
	}
}

// callable tells why a command can't be given.
func callable(name string) error {
	switch {
	case name == "":
		return errors.New("the command has no name")
	case slices.ContainsFunc(sessionCommands, func(s string) bool { return strings.EqualFold(s, name) }):
		return fmt.Errorf("%s is the session's own command", name)
	}
	return nil
}

// request makes the command's message.
func (c *Conn) request(name string, transaction float64, object amf0.Object, args []any) ([]byte, error) {
	values := []any{name, transaction, nil}
	if object != nil {
		values[2] = object
	}
	body, err := amf0.Append(nil, append(values, args...)...)
	if err != nil {
		return nil, err
	}
	if len(body) > maxCallSize {
		return nil, fmt.Errorf("the command has %d bytes: at most %d", len(body), maxCallSize)
	}
	return chunk.AppendMessage(nil, chunk.Header{CSID: csidCommand, Type: chunk.TypeCommandAMF0}, body, c.cfg.ChunkSize), nil
}

// sendCall writes the message between the flushes of the media. The wait for them
// ends with ctx; the write itself is bounded by SendTimeout.
func (c *Conn) sendCall(ctx context.Context, message []byte) error {
	select {
	case c.writing <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	err := c.unusable()
	if err != nil {
		c.unlock()
		return err
	}
	err = c.emit([][]byte{message})
	c.unlock()
	if err != nil {
		c.writeFailed(err)
		return c.Err()
	}
	return nil
}

// answered is what the server's answer means.
func (c *Conn) answered(answer command) ([]any, error) {
	if answer.name == "_error" {
		s := answer.status(c.redact)
		return nil, c.callError(&StatusError{opCall, s.Code, s.Level, s.Description})
	}
	values := make([]any, len(answer.args))
	for i, v := range answer.args {
		values[i] = c.redact.masked(v)
	}
	return values, nil
}

// callError names the step and the server, unless err does.
func (c *Conn) callError(err error) error {
	var op *OpError
	if errors.As(err, &op) {
		return err
	}
	return &OpError{opCall, c.addr, err}
}
