package wine

import (
	"slices"
	"sync"
	"testing"
	"time"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/rtmptest"
)

// What the stage plays, by the application that a publisher asks for. Any other
// application is a good server's.
const (
	// lateAnswer is how long publish waits for its answer in "late".
	lateAnswer = 1500 * time.Millisecond
	// pauseLength is how long "pause" stops reading.
	pauseLength = 1500 * time.Millisecond
	// lossAfter and pauseAfter are counts of pictures: "lost" and its like close,
	// "pause" pauses. A server that closes within a second means a refusal.
	lossAfter, pauseAfter = 40, 10
	// acknowledgeEvery is how often the stage acknowledges, in bytes.
	acknowledgeEvery = 100_000
)

// message types that the stage looks at.
const (
	typeAudio = 8
	typeVideo = 9
)

// stage is a scripted server with a play for each application:
//
//	late     publish is answered after lateAnswer
//	refuse   connect is refused
//	deny     publish is refused
//	stall    stops reading after the publish
//	pause    stops reading for pauseLength, once a connection
//	lost     closes each connection after lossAfter pictures
//	once     closes the first connection of a stream key so
//	cut      resets each connection so
//	vanish   ends the whole server so
type stage struct {
	*rtmptest.Server

	mu    sync.Mutex
	plays []*play // in the order of their publishes
}

// play is what came on one connection.
type play struct {
	*rtmptest.Session
	app, key string
	tcURL    string
	mode     string  // live, record or append
	frames   []frame // audio and video messages, sequence headers too
	pictures int
}

// frame is what is kept of a message.
type frame struct {
	kind        uint8
	at          uint32
	header, key bool
	size        int
}

func newStage(t testing.TB) *stage {
	s := &stage{}
	s.mu.Lock() // who connects at once waits
	defer s.mu.Unlock()
	s.Server = rtmptest.NewServer(t, rtmptest.Script{
		Message: s.message, AckEvery: acknowledgeEvery, Discard: true,
		On: map[string]rtmptest.Handler{"connect": s.connect, "publish": s.publish},
	})
	return s
}

// base is what a checker puts application and key behind.
func (s *stage) base() string { return "rtmp://" + s.Addr + "/" }

// of is the play of a connection; s.mu is held.
func (s *stage) of(session *rtmptest.Session) *play {
	for _, p := range slices.Backward(s.plays) {
		if p.Session == session {
			return p
		}
	}
	p := &play{Session: session}
	s.plays = append(s.plays, p)
	return p
}

func (s *stage) connect(session *rtmptest.Session, m rtmptest.Message) {
	app := rtmptest.App(m)
	s.mu.Lock()
	p := s.of(session)
	p.app, p.tcURL = app, tcURLOf(m)
	s.mu.Unlock()
	if app == "refuse" {
		rtmptest.Refuse("NetConnection.Connect.Rejected", "not here")(session, m)
		return
	}
	rtmptest.Default()(session, m)
}

func (s *stage) publish(session *rtmptest.Session, m rtmptest.Message) {
	s.mu.Lock()
	p := s.of(session)
	if args := m.Command().Args; len(args) > 2 { // null, key, mode
		p.key, _ = args[1].(string)
		p.mode, _ = args[2].(string)
	}
	app := p.app
	s.mu.Unlock()
	switch app {
	case "deny":
		rtmptest.Then(rtmptest.Refuse("NetStream.Publish.Denied", "not you"), rtmptest.Hangup())(session, m)
	case "late":
		select {
		case <-time.After(lateAnswer):
		case <-session.Ended():
		}
		rtmptest.Default()(session, m)
	case "stall":
		rtmptest.Then(rtmptest.Default(), rtmptest.Stall())(session, m)
	default:
		rtmptest.Default()(session, m)
	}
}

// message notes a frame, and acts where the play says so.
func (s *stage) message(session *rtmptest.Session, m rtmptest.Message) {
	if m.Type != typeVideo && m.Type != typeAudio || len(m.Body) < 2 {
		return
	}
	f := frame{m.Type, m.Timestamp, m.Body[1] == 0, m.Body[0]>>4 == 1, len(m.Body)}
	s.mu.Lock()
	p := s.of(session)
	p.frames = append(p.frames, f)
	if f.kind == typeVideo && !f.header {
		p.pictures++
	}
	act := f.kind == typeVideo && !f.header
	app, n, first, server := p.app, p.pictures, s.firstOf(p.key) == p, s.Server
	s.mu.Unlock()
	if act && n == 1 { // what was acknowledged is no failed start, however short it is
		session.Send(rtmptest.Acknowledgement(uint32(session.Received())))
	}
	switch {
	case !act:
	case app == "pause" && n == pauseAfter:
		session.Stall()
		time.AfterFunc(pauseLength, session.Resume)
	case app == "lost" && n == lossAfter, app == "once" && n == lossAfter && first:
		session.Close()
	case app == "cut" && n == lossAfter:
		session.Reset()
	case app == "vanish" && n == lossAfter:
		go server.Close() // it waits for this session, too; the test's end joins it
	}
}

// firstOf is the first play of a key; s.mu is held.
func (s *stage) firstOf(key string) *play {
	for _, p := range s.plays {
		if p.key == key {
			return p
		}
	}
	return nil
}

// published are the plays of a stream key, in their order, as copies.
func (s *stage) published(key string) (plays []play) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.plays {
		if p.key == key {
			c := *p
			c.frames = slices.Clone(p.frames)
			plays = append(plays, c)
		}
	}
	return plays
}

// count tells how many frames of a kind came.
func (p play) count(kind uint8) (n int) {
	for _, f := range p.frames {
		if f.kind == kind && !f.header {
			n++
		}
	}
	return n
}

// headers tells how many sequence headers of a kind came.
func (p play) headers(kind uint8) (n int) {
	for _, f := range p.frames {
		if f.kind == kind && f.header {
			n++
		}
	}
	return n
}

// tcURLOf is what connect says of the URL.
func tcURLOf(m rtmptest.Message) string {
	if args := m.Command().Args; len(args) > 0 {
		if object, ok := args[0].(amf0.Object); ok {
			return object.String("tcUrl")
		}
	}
	return ""
}
