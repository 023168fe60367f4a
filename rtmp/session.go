package rtmp

import (
	"context"
	"math"
	"strings"
	"time"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/auth"
)

// The transaction IDs of all requests. The connecting sequence has them in its
// order, as librtmp numbers them; the others are sent once each.
const (
	txnConnect = 1 + iota
	txnReleaseStream
	txnFCPublish
	txnCreateStream
	txnPublish
	txnCheckBW
	txnFCUnpublish
	txnDeleteStream
)

// answer is a place where the reader puts what Dial waits for.
type answer struct {
	transaction float64
	reply       chan command // room for one
}

// connect announces the chunk size and the window and connects to the
// application. It returns what the server said of itself.
func (c *Conn) connect(ctx context.Context) (amf0.Object, error) {
	c.asked = time.Now()
	a := c.expect(opConnect, txnConnect)
	object := amf0.Object{
		{Name: "app", Value: withQuery(c.url.App, c.round.query)},
		{Name: "type", Value: "nonprivate"},
		{Name: "flashVer", Value: c.cfg.ClientAgent},
		{Name: "swfUrl", Value: c.url.TCURL()},
		{Name: "tcUrl", Value: withQuery(c.url.TCURL(), c.round.query)},
	}
	values := []any{"connect", float64(txnConnect), append(object, c.round.capabilities.properties()...)}
	if len(c.cfg.ConnectInfo) > 0 {
		values = append(values, c.cfg.ConnectInfo)
	}
	request := appendCommand(c.announce(), csidCommand, 0, c.cfg.ChunkSize, values...)
	if err := c.sendNow(request); err != nil {
		return nil, err
	}
	c.chunks.SetSize(c.cfg.ChunkSize)
	reply, err := c.await(ctx, a)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.demand = nil // whatever it said before, it is content
	c.mu.Unlock()
	return reply.properties(c.redact), nil
}

// withQuery puts a query behind an application or its URL, which may have one.
func withQuery(s, query string) string {
	switch {
	case query == "":
		return s
	case strings.Contains(s, "?"):
		return s + "&" + query
	default:
		return s + "?" + query
	}
}

// noteDemand keeps what a refusal of connect says of authentication, before it
// is masked.
func (c *Conn) noteDemand(cmd command) {
	object, ok := cmd.info()
	if !ok || c.step() != opConnect || cmd.name == "_result" {
		return
	}
	if d, ok := auth.Parse(object.String("description")); ok {
		c.mu.Lock()
		c.demand = &d
		c.mu.Unlock()
	}
}

func (c *Conn) demanded() *auth.Demand {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.demand
}

// createStream asks for a message stream. releaseStream and FCPublish go with
// it; their answers don't matter, and some servers send none.
func (c *Conn) createStream(ctx context.Context) error {
	a := c.expect(opCreateStream, txnCreateStream)
	size, key := c.cfg.ChunkSize, c.url.StreamKey()
	request := appendCommand(nil, csidCommand, 0, size, "releaseStream", float64(txnReleaseStream), nil, key)
	request = appendCommand(request, csidCommand, 0, size, "FCPublish", float64(txnFCPublish), nil, key)
	request = appendCommand(request, csidCommand, 0, size, "createStream", float64(txnCreateStream), nil)
	if err := c.sendNow(request); err != nil {
		return err
	}
	reply, err := c.await(ctx, a)
	if err != nil {
		return err
	}
	for _, v := range reply.args {
		if id, ok := v.(float64); ok && id >= 0 && id <= math.MaxUint32 && id == math.Trunc(id) {
			c.streamID = uint32(id)
			return nil
		}
	}
	return c.opError(&ProtocolError{"the answer to createStream has no message stream ID"})
}

// publishStream publishes and waits for the server's go-ahead: media sent
// before it breaks some servers.
func (c *Conn) publishStream(ctx context.Context) error {
	a := c.expect(opPublish, txnPublish)
	request := appendCommand(nil, csidAudio, c.streamID, c.cfg.ChunkSize,
		"publish", float64(txnPublish), nil, c.url.StreamKey(), c.cfg.PublishMode.String())
	if err := c.sendNow(request); err != nil {
		return err
	}
	_, err := c.await(ctx, a)
	return err
}

// expect announces the next answer to the reader.
func (c *Conn) expect(op string, transaction float64) *answer {
	a := &answer{transaction, make(chan command, 1)}
	c.mu.Lock()
	c.state.step, c.waiting = op, a
	c.mu.Unlock()
	return a
}

// await waits for the answer, for as long as the server is not silent.
func (c *Conn) await(ctx context.Context, a *answer) (command, error) {
	limit, seen := c.cfg.ReceiveTimeout, c.signs()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case reply := <-a.reply:
			return reply, c.refusal(reply)
		case <-c.heard:
			timer.Reset(limit)
		case <-timer.C:
			if now := c.signs(); now != seen {
				seen = now
				timer.Reset(limit)
				continue
			}
			return command{}, c.opError(&timeoutError{"no answer", limit, "receive timeout"})
		case <-ctx.Done():
			return command{}, c.opError(context.Cause(ctx))
		case <-c.done:
			select { // the answer may have been the last word
			case reply := <-a.reply:
				if err := c.refusal(reply); err != nil {
					return reply, err
				}
			default:
			}
			return command{}, c.Err()
		}
	}
}

// tellStep does a step and tells it. A connect that was answered by a wish for
// authentication is not told: login tells that round.
func (c *Conn) tellStep(op string, do func(*Step) error) error {
	s, begun := Step{Op: op, Addr: c.addr}, time.Now()
	s.Err = do(&s)
	if s.Err == nil || op != opConnect || c.demanded() == nil {
		c.cfg.step(s, begun)
	}
	return s.Err
}

// refusal is the error that an answer stands for, nil when it is none.
func (c *Conn) refusal(reply command) error {
	s := reply.status(c.redact)
	if !s.isRefusal() {
		return nil
	}
	return c.opError(&StatusError{c.step(), s.Code, s.Level, s.Description})
}

// step is what Dial is at, "publish" afterwards.
func (c *Conn) step() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stepLocked()
}

func (c *Conn) stepLocked() string {
	if c.state.step == "" {
		return opPublish
	}
	return c.state.step
}
