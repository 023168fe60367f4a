// pins.h: the parts of the program pins.exe: the filter (pins.cpp, seeking.cpp), its pins
// (enumerate.cpp), media types (types.cpp, oddtypes.cpp), connections (connect.cpp)
// and IMemInputPin (input.cpp).
#pragma once
#include "listener.h"
#include "rig.h"

// ofTaskMemory tells whether the COM allocator made it.
inline bool ofTaskMemory(const void *memory)
{
    IMalloc *task = nullptr;
    CoGetMalloc(1, &task);
    bool made = memory && task->DidAlloc((void *)memory) == 1;
    task->Release();
    return made;
}

// isFree tells whether a pin says in every way that it is not connected.
inline bool isFree(IPin *pin)
{
    IPin *peer = (IPin *)1;
    AM_MEDIA_TYPE type;
    memset(&type, 0xcc, sizeof type);
    return pin->ConnectedTo(&peer) == VFW_E_NOT_CONNECTED && !peer && pin->ConnectionMediaType(&type) == VFW_E_NOT_CONNECTED;
}

// flow connects pin i with a type, delivers the source's first samples and tells
// whether they were taken.
bool flow(int i, const Type &type, const Generator &next, LONG samples);

void classID(), newState(), infoAlone(), infoInGraph(), graphNames(), vendorInfo(), syncSource(), filterNull(), statesUnconnected(), miscFlags(), seeking();
void twoPins(), enumeratePins(), nextWithoutCount(), skipResetClone(), findByID(), findOthers(), pinInfo(), internalConnections(), pinNull();
void videoTypes(), audioTypes(), refusedTypes(), shortBlocks(), longHeaders(), legalOddities(), queryAcceptKeeps(), enumerateTypes();
void receiveConnection(), connected(), unconnected(), connectOnInput(), disconnects();
void getAllocator(), notifyAllocator(), allocatorRequirements(), canBlock(), receiveMultiple(), inputNull(), receiveUnconnected(), refusals();
