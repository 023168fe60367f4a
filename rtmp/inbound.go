package rtmp

import (
	"bufio"
	"io"
	"sync/atomic"

	"rtmpwriter/rtmp/internal/chunk"
)

// inbound is the server's side of the connection. After the handshake only the
// reader goroutine uses it.
type inbound struct {
	buffer   *bufio.Reader
	messages *chunk.Reader
	received *atomic.Uint64
	window   uint64 // acknowledge after so many bytes; 0: not asked for
	told     uint64 // bytes when the last acknowledgement was made
	// checkedBW says that onBWDone was answered.
	checkedBW bool
	// asked is a ReconnectRequest that has not been handed over.
	asked *ReconnectRequest
}

func (in *inbound) init(conn io.Reader, received *atomic.Uint64) {
	in.received = received
	in.buffer = bufio.NewReader(countingReader{conn, received})
	in.messages = chunk.NewReader(in.buffer, chunk.ClientLimits)
}

type countingReader struct {
	r io.Reader
	n *atomic.Uint64
}

func (c countingReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n.Add(uint64(n))
	return n, err
}

// readLoop reads the server's messages for as long as the session lives: an
// unread word is a lost one, and unread bytes turn a close into a reset.
func (c *Conn) readLoop() {
	defer close(c.readerDone)
	for {
		m, err := c.in.messages.Next()
		if err != nil {
			c.readFailed(err)
			return
		}
		select { // tells Dial that the server is not silent
		case c.heard <- struct{}{}:
		default:
		}
		c.trace.received(m)
		if !c.dispatch(m) {
			return
		}
		c.acknowledge()
	}
}

// dispatch handles one message; false ends the session, which has its reason
// then.
func (c *Conn) dispatch(m chunk.Message) bool {
	switch m.Type {
	case chunk.TypeCommandAMF0, chunk.TypeCommandAMF3:
		cmd, err := parseCommand(m)
		if err != nil {
			c.cfg.Logger.Debug("command not understood", "server", c.addr, "error", c.redact.words(err.Error()))
			return true
		}
		return c.handleCommand(cmd)
	case chunk.TypeUserControl:
		c.answerPing(m.Body)
	case chunk.TypeAcknowledgement, chunk.TypeWindowAckSize, chunk.TypeSetPeerBandwidth:
		c.handleWindow(m)
	}
	return true // other types are not for a publisher
}
