package check

import (
	"context"
	"time"

	"rtmpwriter/rtmp"
)

// The steps that this package speaks of.
const (
	stepResolve        = "resolve"
	stepTCP            = "tcp"
	stepProxy          = "proxy"
	stepTLS            = "tls"
	stepAuthentication = "authentication"
	stepTunnel         = "tunnel"
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

	lookup lookup // nil: the system's; tests have their own
}

type checker struct {
	url     *rtmp.URL
	cfg     rtmp.Config
	options Options
	report  *Report
	proxied bool // a proxy leads to the server: resolve and tcp are the proxy's
	direct  bool // the server is reached by its own addresses
	told    int
	fill    []byte // stands behind each keyframe of the test video
	// tcpTrip is how quickly TCP answered, answerTrip how quickly a command was.
	tcpTrip, answerTrip quickest
}

// quickest is the shortest of several times, 0 without any.
type quickest time.Duration

func (q *quickest) note(d time.Duration) {
	if *q == 0 || d < time.Duration(*q) {
		*q = quickest(d)
	}
}

// roundTrip is the time to the server and back. Through a proxy or a tunnel
// only the commands' answers are the server's own.
func (c *checker) roundTrip() time.Duration {
	trip := c.answerTrip
	if c.direct && c.tcpTrip > 0 && !c.report.went(stepTunnel) {
		trip.note(time.Duration(c.tcpTrip))
	}
	return time.Duration(trip)
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
	c := &checker{url: u, cfg: cfg, options: o, report: newReport(u), fill: filler()}
	c.proxied = cfg.Proxy.For(u) != nil // cfg keeps it: a fallback has another scheme
	c.direct = cfg.Dial == nil && !c.proxied
	c.run(ctx)
	c.tell()
	c.report.OK = c.report.Err == nil
	return c.report
}

func (c *checker) run(ctx context.Context) {
	if c.direct && !c.arrive(ctx) {
		return
	}
	conn := c.publish(ctx)
	if conn == nil {
		return
	}
	if err := settled(ctx, conn); err != nil { // not told before: it may take back what was well
		c.report.fail("publish", 0, err)
		conn.Abort()
		_ = conn.Close(ctx) // joins the session's goroutines; the reason is known
		return
	}
	c.report.RoundTrip = c.roundTrip()
	c.report.add(Finding{Step: stepRoundTrip, Result: OK, Took: c.report.RoundTrip})
	c.tell()
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

// arrive looks at the host's names and addresses. It tells whether there is a
// way to the server.
func (c *checker) arrive(ctx context.Context) bool {
	addresses := c.resolve(ctx)
	c.tell()
	// A single address is looked at by publishing itself: one connection less.
	// So is the one that fits a local address.
	if len(addresses) < 2 || c.cfg.Bind != "" {
		return len(addresses) > 0
	}
	reached := c.reach(ctx, addresses)
	c.tell()
	return reached || c.cfg.FallbackPorts || c.cfg.FallbackTunnel
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
