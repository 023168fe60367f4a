package check

import (
	"context"
	"errors"
	"os"
	"time"

	"rtmpwriter/rtmp"
)

// publish dials as a publisher does and notes every step of it.
func (c *checker) publish(ctx context.Context) *rtmp.Conn {
	cfg, seen := c.cfg, c.cfg.OnStep
	var last rtmp.Step
	cfg.OnStep = func(s rtmp.Step) {
		if seen != nil {
			seen(s)
		}
		last = s
		c.note(s)
	}
	begun := time.Now()
	conn, err := rtmp.Dial(ctx, c.url, cfg)
	if err != nil {
		if last.Err == nil { // a step that has not told itself
			c.report.fail(stepOf(err), time.Since(begun), err)
		} else {
			c.report.Err = err
		}
		if stepOf(err) == stepTLS && c.direct && c.report.TLS == nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			c.showChain(ctx)
		}
		return nil
	}
	c.report.Err = nil // what failed on the way has been got over
	return conn
}

// stepNames has the steps of package rtmp that are shown under another name. A
// server that closes right behind its go-ahead is met in reading or writing.
var stepNames = map[string]string{"auth": stepAuthentication, "dial": stepTCP, "read": "publish", "write": "publish"}

func stepOf(err error) string {
	var op *rtmp.OpError
	if !errors.As(err, &op) {
		return "publish"
	}
	return shownStep(op.Op)
}

func shownStep(op string) string {
	if name, ok := stepNames[op]; ok {
		return name
	}
	return op
}

// note makes a finding of a step of rtmp.Dial.
func (c *checker) note(s rtmp.Step) {
	name := shownStep(s.Op)
	if s.Err != nil && stepOf(s.Err) == stepTLS {
		name = stepTLS // TLS 1.3 refuses our certificate in a later step
	}
	r := c.report
	switch {
	case s.Err != nil && c.proxied && (name == stepResolve || name == stepTCP):
		r.fail(stepProxy, s.Took, s.Err)
		return
	case s.Err != nil:
		r.fail(name, s.Took, s.Err)
		return
	case (name == stepResolve || name == stepTCP) && r.has(name):
		return // looked at more closely before
	case r.went(name):
		return // every round of authentication has it
	case name == stepTLS && s.TLS != nil:
		r.add(r.secure(s.TLS, s.Took, c.cfg.TLS == nil || !c.cfg.TLS.InsecureSkipVerify))
		return
	}
	f := Finding{Step: name, Result: OK, Took: s.Took}
	switch name {
	case "connect":
		c.answerTrip.note(s.Took)
		f.Detail = "application " + r.App
		if said := ofItself(s.Server); len(said) > 0 {
			r.Server = values(said)
			f.Detail += "; the server says " + words(said)
		}
	case stepAuthentication:
		f.Detail = "the server asks for it: a new connection answers"
	case "createStream":
		c.answerTrip.note(s.Took)
	case "publish":
		f.Detail = "accepted"
	case stepTCP:
		f.Detail = s.Addr
		if c.proxied {
			f.Detail = "the proxy at " + s.Addr
		}
		c.tcpTrip.note(s.Took)
	}
	r.add(f)
}
