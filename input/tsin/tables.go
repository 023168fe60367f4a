package tsin

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/asticode/go-astits"
)

// maxTablePackets bounds the packets of one table: a section has 1024 bytes at
// most, and a few follow each other. go-astits would gather without end.
const maxTablePackets = 32

// errHungry tells go-astits that there are no more packets for now; the end of
// file would make it throw away a table in work.
var errHungry = errors.New("no more packets for now")

// tables reads the program tables with go-astits. Media packets do not go
// through it: it would take lost packets for none and copy each packet twice.
type tables struct {
	demuxer *astits.Demuxer
	feed    []byte // the packet that go-astits reads next
	pids    map[uint16]*tablePID
	known   map[uint16]*astits.PMTData // by program number
	order   []uint16                   // programs as the PAT lists them
}

// tablePID is one packet identifier that carries tables.
type tablePID struct {
	packets int    // of the table in work
	last    []byte // payload of the last table's first packet
	repeat  bool   // the table in work is the last one again
}

func newTables() *tables {
	t := &tables{
		pids:  map[uint16]*tablePID{astits.PIDPAT: {}},
		known: map[uint16]*astits.PMTData{},
	}
	t.demuxer = astits.NewDemuxer(context.Background(), t, astits.DemuxerOptPacketSize(packetSize))
	return t
}

// Read gives go-astits the one packet that is there.
func (t *tables) Read(p []byte) (int, error) {
	if len(t.feed) == 0 {
		return 0, errHungry
	}
	n := copy(p, t.feed)
	t.feed = t.feed[n:]
	return n, nil
}

// add takes a packet and tells whether a table came with it. Tables that are
// damaged are passed over: they are repeated.
func (t *tables) add(raw []byte, p packet) bool {
	pid, ok := t.pids[p.pid]
	if !ok || p.failed || len(p.payload) == 0 {
		return false
	}
	if p.start {
		pid.repeat = bytes.Equal(pid.last, p.payload)
		pid.last = append(pid.last[:0], p.payload...)
		pid.packets = 0
	}
	if pid.packets++; pid.repeat || pid.last == nil || pid.packets > maxTablePackets {
		return false
	}
	t.feed = raw
	found := false
	for {
		d, err := t.demuxer.NextData()
		switch {
		case errors.Is(err, errHungry):
			return found
		case err != nil:
			pid.last = pid.last[:0] // so that the repetition is read
		case d.PAT != nil:
			t.setPAT(d.PAT)
		case d.PMT != nil && slices.Contains(t.order, d.PMT.ProgramNumber):
			t.known[d.PMT.ProgramNumber] = d.PMT
			found = true
		}
	}
}

func (t *tables) setPAT(pat *astits.PATData) {
	t.order = t.order[:0]
	for _, p := range pat.Programs {
		if p.ProgramNumber == 0 { // the network's PID
			continue
		}
		t.order = append(t.order, p.ProgramNumber)
		if t.pids[p.ProgramMapID] == nil {
			t.pids[p.ProgramMapID] = &tablePID{}
		}
	}
	maps.DeleteFunc(t.known, func(n uint16, _ *astits.PMTData) bool { return !slices.Contains(t.order, n) })
}

// missing tells whether a program of the PAT has not shown its map yet.
func (t *tables) missing() bool {
	for _, n := range t.order {
		if t.known[n] == nil {
			return true
		}
	}
	return len(t.order) == 0
}
