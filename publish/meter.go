package publish

import "time"

const (
	meterSlot  = 100 * time.Millisecond
	meterSlots = 101 // 10 s and the slot under way
)

// meter counts bytes in slots of time, to tell the rate of the last seconds.
type meter struct {
	start time.Time
	slot  int64 // the slot under way, counted from start
	bytes [meterSlots]int64
}

func (m *meter) add(now time.Time, n int) {
	m.advance(now)
	m.bytes[m.slot%meterSlots] += int64(n)
}

// rate is bits/s over the window (at most 10 s), counting whole slots only; over
// the time since the first byte when that is shorter.
func (m *meter) rate(now time.Time, window time.Duration) int64 {
	if m.start.IsZero() {
		return 0
	}
	m.advance(now)
	slots := min(int64(window/meterSlot), m.slot, meterSlots-1)
	if slots == 0 {
		return 0
	}
	var sum int64
	for i := m.slot - slots; i < m.slot; i++ {
		sum += m.bytes[i%meterSlots]
	}
	return sum * 8 * int64(time.Second/meterSlot) / slots
}

// advance empties the slots that time has passed over.
func (m *meter) advance(now time.Time) {
	if m.start.IsZero() {
		m.start = now
	}
	slot := int64(now.Sub(m.start) / meterSlot)
	for i := max(m.slot+1, slot-meterSlots+1); i <= slot; i++ {
		m.bytes[i%meterSlots] = 0
	}
	m.slot = max(m.slot, slot)
}
