package publish

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"rtmpwriter/amf0"
)

const (
	// maxDataSize bounds one data message: servers keep and copy them for every
	// player, and many take no more than 64 KiB.
	maxDataSize = 64 << 10
	// maxDataWaiting and maxDataBytes bound the data messages that wait for their
	// place in the stream or for a connection: more than a cue a second over
	// minutes of outage.
	maxDataWaiting = 256
	maxDataBytes   = 1 << 20
	// maxStored bounds the handlers whose stored data is sent to each new session.
	maxStored = 32
	// maxHandler is far above any handler's name.
	maxHandler = 255
)

// ErrDataFull refuses a data message: too many wait already for the stream to go
// on. What waits is sent when it does.
var ErrDataFull = errors.New("too many data messages wait to be sent")

// DataError refuses a data message, before anything is sent of it.
type DataError struct {
	// Handler is the message's handler.
	Handler string
	// Reason tells what is wrong with it.
	Reason string
}

// Error names the handler and the reason.
func (e *DataError) Error() string {
	return fmt.Sprintf("data message %q refused: %s", e.Handler, e.Reason)
}

// Data is a data message for the server and its players (specification, section
// 8): the handler that they call, and what it is called with.
type Data struct {
	// Handler is the name of the function, for example onCuePoint: 1 to 255
	// bytes, not beginning with @.
	Handler string
	// Value is a value of package amf0, usually an amf0.Object; nil is null.
	Value any
	// Stored lets the server keep the message for players that come later
	// (@setDataFrame). It is sent again to each new session: of several with one
	// handler the last.
	Stored bool
}

// CuePoint marks a moment of the stream for players and servers.
type CuePoint struct {
	// Name identifies it.
	Name string
	// Type is "event" or "navigation", or what servers agreed on, such as
	// "scte35"; empty is "event".
	Type string
	// Time is the moment that it marks. The message's own timestamp is that of
	// the frame that it follows.
	Time time.Duration
	// Parameters are anything more; nil is an empty object.
	Parameters amf0.Object
}

// Data is the onCuePoint message.
func (c CuePoint) Data() Data {
	kind, parameters := c.Type, c.Parameters
	if kind == "" {
		kind = "event"
	}
	if parameters == nil {
		parameters = amf0.Object{}
	}
	return Data{Handler: "onCuePoint", Value: amf0.Object{
		{Name: "name", Value: c.Name},
		{Name: "type", Value: kind},
		{Name: "time", Value: c.Time.Seconds()},
		{Name: "parameters", Value: parameters},
	}}
}

// SendData queues a data message behind the frames that were written before it:
// it goes out after them with the timestamp of the last, or before the first
// frame of the stream with that one's. It never waits for the network, and the
// output buffer's size does not count.
//
// While there is no connection messages wait in their order, at most 256 of them
// and 1 MiB, then ErrDataFull; the next connection gets them after the stored
// ones. Those that still wait when streaming ends are lost, and so are those that
// are on their way when a connection breaks, unless they are stored or an outage
// buffer holds them beside their frames (OutageBuffer, OutageResume). An onMetaData of the
// caller's is sent as it is, behind the one that the engine makes.
//
// The other errors are a *DataError, ErrClosed with the cause, and the end of ctx.
func (p *Publisher) SendData(ctx context.Context, d Data) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	body, err := d.encode()
	if err != nil {
		return err
	}
	if reason := p.queue.ending(); reason != nil {
		return reason
	}
	mark, marked := p.written()
	if err := p.data.add(message{handler: d.Handler, body: body, stored: d.Stored, mark: mark, marked: marked}); err != nil {
		return err
	}
	signal(p.queue.data)
	return nil
}

// written is the decode time of the newest frame given to Write.
func (p *Publisher) written() (dts time.Duration, begun bool) {
	for _, t := range p.trackList() {
		return t.clock.shared.newest() // it is the same for all
	}
	return 0, false
}

// encode is the message's body.
func (d Data) encode() ([]byte, error) {
	refuse := func(reason string) ([]byte, error) { return nil, &DataError{d.Handler, reason} }
	switch {
	case d.Handler == "":
		return refuse("it has no handler name")
	case len(d.Handler) > maxHandler:
		return nil, &DataError{d.Handler[:16] + "…", fmt.Sprintf("the handler's name has %d bytes: at most %d", len(d.Handler), maxHandler)}
	case !utf8.ValidString(d.Handler):
		return refuse("the handler's name is not UTF-8")
	case strings.HasPrefix(d.Handler, "@"):
		return refuse("names with @ are commands to the server; for @setDataFrame let the message be stored")
	}
	var body []byte
	var err error
	if d.Stored {
		body, err = amf0.Append(body, "@setDataFrame")
	}
	if err == nil {
		body, err = amf0.Append(body, d.Handler, d.Value)
	}
	switch {
	case err != nil:
		return refuse(err.Error())
	case len(body) > maxDataSize:
		return refuse(fmt.Sprintf("it has %d bytes: at most %d", len(body), maxDataSize))
	}
	return body, nil
}
