package check

import (
	"context"
	"errors"
	"time"

	"rtmpwriter/rtmp"
)

// The steps that have no name of their own in package rtmp.
const (
	stepResolve        = "resolve"
	stepTCP            = "tcp"
	stepTLS            = "tls"
	stepAuthentication = "authentication"
	stepRoundTrip      = "round trip"
	stepThroughput     = "throughput"
	stepClose          = "close"
)

// Options says what to look at beyond the steps of publishing.
type Options struct {
	// Measure is how long to send test video as fast as the server takes it; 0:
	// nothing is sent.
	Measure time.Duration
	// Video is what to send.
	Video Video
	// Progress is called with every finding as it comes; nil for none.
	Progress func(Finding)
}

type checker struct {
	url     *rtmp.URL
	cfg     rtmp.Config
	options Options
	report  *Report
	told    int
	fill    []byte // stands behind each keyframe of the test video
}

// closeTime bounds the goodbye.
const closeTime = 5 * time.Second

// Run checks the server behind u as cfg would publish to it, always in the
// publish mode live, so that nothing is recorded. The report is complete up to
// the first step that failed.
func Run(ctx context.Context, u *rtmp.URL, cfg rtmp.Config, o Options) *Report {
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = rtmp.DefaultConnectTimeout
	}
	cfg.PublishMode = rtmp.PublishLive
	cfg.Proxy = cfg.Proxy.For(u)
	c := &checker{url: u, cfg: cfg, options: o, report: newReport(u), fill: filler()}
	c.run(ctx)
	c.tell()
	c.report.OK = c.report.Err == nil
	return c.report
}

func (c *checker) run(ctx context.Context) {
	direct := c.cfg.Dial == nil && c.cfg.Proxy == nil
	if direct {
		addresses := c.resolve(ctx)
		c.tell()
		otherWays := c.cfg.FallbackPorts || c.cfg.FallbackTunnel
		if len(addresses) == 0 {
			return
		}
		// A single address is looked at by publishing itself: one connection less.
		if len(addresses) > 1 && !c.reach(ctx, addresses) && !otherWays {
			return
		}
		c.tell()
	}
	conn := c.publish(ctx)
	c.tell()
	if conn == nil {
		return
	}
	if err := settled(ctx, conn); err != nil {
		c.report.fail("publish", 0, err)
		conn.Abort()
		_ = conn.Close(ctx) // joins the session's goroutines; the reason is known
		return
	}
	c.report.add(Finding{Step: stepRoundTrip, Result: OK, Took: c.report.RoundTrip})
	c.measure(ctx, conn)
	c.tell()
	if c.report.Err != nil {
		conn.Abort()
		_ = conn.Close(ctx) // as above
		return
	}
	ctx, cancel := context.WithTimeout(ctx, closeTime)
	defer cancel()
	begun := time.Now()
	if err := conn.Close(ctx); err != nil {
		c.report.fail(stepClose, time.Since(begun), err)
		return
	}
	c.report.add(Finding{Step: stepClose, Result: OK, Took: time.Since(begun)})
}

// secondThoughts is how long a server may take to look at the stream key after
// it has given the go-ahead: some do it in this order.
const secondThoughts = 500 * time.Millisecond

// settled waits for the server's second thoughts.
func settled(ctx context.Context, conn *rtmp.Conn) error {
	timer := time.NewTimer(secondThoughts)
	defer timer.Stop()
	select {
	case <-conn.Done():
		return conn.Err()
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// tell shows the findings that are new.
func (c *checker) tell() {
	if c.options.Progress == nil {
		return
	}
	for ; c.told < len(c.report.Steps); c.told++ {
		c.options.Progress(c.report.Steps[c.told])
	}
}

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
		if stepOf(err) == stepTLS && c.cfg.Dial == nil && c.cfg.Proxy == nil {
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
	r := c.report
	switch {
	case s.Err != nil:
		r.fail(name, s.Took, s.Err)
		return
	case (name == stepResolve || name == stepTCP) && r.has(name):
		return // looked at more closely before
	case name == stepTLS && s.TLS != nil:
		r.add(r.secure(s.TLS, s.Took, c.cfg.TLS == nil || !c.cfg.TLS.InsecureSkipVerify))
		return
	}
	f := Finding{Step: name, Result: OK, Took: s.Took}
	switch name {
	case "connect":
		r.quick(s.Took)
		f.Detail = "application " + r.App
		if len(s.Server) > 0 {
			r.Server = values(s.Server)
			f.Detail += "; the server says " + words(s.Server)
		}
	case "createStream":
		r.quick(s.Took)
	case "publish":
		f.Detail = "accepted"
	case stepTCP:
		r.quick(s.Took)
		f.Detail = s.Addr
	}
	r.add(f)
}
