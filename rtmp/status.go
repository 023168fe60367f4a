package rtmp

import (
	"context"
	"log/slog"
	"strings"
	"time"
)

// isRefusal tells a no from everything else.
func (s Status) isRefusal() bool {
	return s.Command == "_error" || strings.EqualFold(s.Level, "error")
}

// handleCommand handles one command of the server; false ends the session.
func (c *Conn) handleCommand(cmd command) bool {
	c.noteDemand(cmd)
	goesOn := c.obey(cmd)
	c.passReconnectRequest() // also one that waited for the go-ahead
	return goesOn
}

// obey does what a command asks for; false ends the session.
func (c *Conn) obey(cmd command) bool {
	switch cmd.name {
	case "_result", "_error":
		c.handleReply(cmd)
	case "onStatus":
		return c.handleStatus(cmd)
	case "close":
		return c.handleClose(cmd)
	case "onBWDone":
		// Once, as librtmp does: some servers answer with another onBWDone.
		if !c.in.checkedBW {
			c.in.checkedBW = true
			c.answer("_checkbw", float64(txnCheckBW), nil)
		}
	case "_onbwcheck":
		c.answer("_result", cmd.transaction, nil, 0)
	case "ping":
		c.answer("pong", cmd.transaction, nil)
	}
	return true // onFCPublish, _onbwdone and whatever else there is
}

// answer queues a command for the control writer.
func (c *Conn) answer(values ...any) {
	c.control.add(appendCommand(nil, csidCommand, 0, c.cfg.ChunkSize, values...))
}

// handleReply gives Dial the answer that it waits for. Of the others, those
// that no one asked for are told to OnStatus when they are refusals; refusals
// of releaseStream, FCPublish and _checkbw mean nothing.
func (c *Conn) handleReply(cmd command) {
	if c.deliver(cmd, cmd.transaction) || c.calls.deliver(cmd) || cmd.name == "_result" {
		return
	}
	if t := cmd.transaction; t == txnReleaseStream || t == txnFCPublish || t >= txnCheckBW {
		return
	}
	c.tell(cmd.status(c.redact))
}

// deliver hands a command to Dial if it waits for this transaction. The answer
// to publish ends the connecting here, so that no later status is taken for it.
func (c *Conn) deliver(cmd command, transaction float64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.waiting
	if a == nil || a.transaction != transaction {
		return false
	}
	c.waiting = nil
	if transaction == txnPublish && !cmd.status(c.redact).isRefusal() {
		c.state.step, c.state.since = "", time.Now()
	}
	a.reply <- cmd
	return true
}

// handleStatus handles onStatus. While Dial waits, it is the answer to publish,
// or a refusal of whatever step Dial is at. A request to connect anew is none.
func (c *Conn) handleStatus(cmd command) bool {
	s := cmd.status(c.redact)
	if isReconnectRequest(s) {
		c.noteReconnectRequest(cmd, s)
		return true
	}
	c.mu.Lock()
	waiting := c.waiting
	c.mu.Unlock()
	started := strings.EqualFold(s.Code, "NetStream.Publish.Start")
	if waiting != nil && (s.isRefusal() || started && waiting.transaction == txnPublish) {
		c.deliver(cmd, waiting.transaction)
		return true
	}
	c.tell(s)
	if !endsPublishing(s) {
		return true
	}
	return c.endByServer(s)
}

// endsPublishing finds the words after which the server takes no more of the
// stream. Others of the level error, such as a recording that failed, are told
// and publishing goes on.
func endsPublishing(s Status) bool {
	code := strings.ToLower(s.Code)
	switch code {
	case "netstream.unpublish.success", "netconnection.connect.closed", "netconnection.connect.appshutdown", "netstream.failed":
		return true
	}
	refused := strings.HasPrefix(code, "netstream.publish.") || strings.HasPrefix(code, "netconnection.connect.")
	return refused && s.isRefusal()
}

// handleClose obeys the server's close command.
func (c *Conn) handleClose(cmd command) bool {
	s := cmd.status(c.redact)
	c.tell(s)
	if s.Code == "" && s.Description == "" {
		s.Description = "it sent the close command"
	}
	return c.endByServer(s)
}

// endByServer ends the session for a word of the server, unless Close has
// begun: then it is the expected answer, and the reader goes on to the end.
func (c *Conn) endByServer(s Status) bool {
	step := c.step()
	c.mu.Lock()
	closing := c.state.closing
	c.mu.Unlock()
	if closing {
		return true
	}
	c.end(&OpError{step, c.addr, &StatusError{step, s.Code, s.Level, s.Description}})
	return false
}

// tell passes on a word of the server, once publishing has begun, and remembers
// a refusal: it may be the reason for an end that follows.
func (c *Conn) tell(s Status) {
	c.mu.Lock()
	publishing := c.state.step == ""
	if strings.EqualFold(s.Code, "NetStream.Unpublish.Success") {
		c.state.unpublished = true
	}
	if s.isRefusal() {
		c.words = &StatusError{c.stepLocked(), s.Code, s.Level, s.Description}
	}
	c.mu.Unlock()
	if publishing && c.cfg.OnStatus != nil {
		c.cfg.OnStatus(s) // whose business it is to log it
		return
	}
	level := slog.LevelInfo
	if s.isRefusal() {
		level = slog.LevelWarn
	}
	c.cfg.Logger.Log(context.Background(), level, "server says", "server", c.addr, "command", s.Command, "code", s.Code, "level", s.Level, "description", s.Description)
}
