"""A transaction that a killed process left open holds up who takes over its work for seconds, not for a minute."""

from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo, PyMongoError, Session, is_transient
from tests.lib.services import eventually


async def test_a_transaction_left_open_ends_soon(settings: Settings) -> None:
    killed = Mongo(settings.mongo_url, settings.named("killed"), settings.mongo_timeout)
    next_one = Mongo(settings.mongo_url, settings.named("killed"), settings.mongo_timeout)
    await next_one["positions"].insert_one({"_id": "lane", "sequence": 0})
    session = await killed.database.client.start_session()
    session.start_transaction()
    await killed["positions"].update_one({"_id": "lane"}, {"$set": {"sequence": 1}}, session=session)

    async def advance(session: Session) -> bool:
        result = await next_one["positions"].update_one({"_id": "lane"}, {"$set": {"sequence": 2}}, session=session)
        return result.matched_count == 1

    async def taken_over() -> bool:
        try:
            return await next_one.transact(advance)
        except PyMongoError as error:
            if is_transient(error):
                return False
            raise

    assert not await taken_over()
    await eventually(taken_over, seconds=30)
    killed.close()
    next_one.close()
